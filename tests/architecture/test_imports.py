"""Imports point one way; the contracts are in pyproject.toml."""

import ast
import subprocess
import sys

from tests.architecture.sources import ROOT, functions, modules, name, parse


def test_contracts_are_kept():
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
    ]
    result = subprocess.run(
        [*command, "--no-cache"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_functions_do_not_patch_over_cycles():
    hidden = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fundapp")
        if path.name not in {"cli.py", "__init__.py"} and "demo" not in path.parts
    ]
    assert not hidden, "an import inside a function hides a cycle: move the thing down a layer"


def test_every_package_says_what_it_owns():
    silent = [
        name(path)
        for path in modules()
        if path.name == "__init__.py" and not ast.get_docstring(parse(path))
    ]
    assert not silent
