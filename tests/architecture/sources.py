"""The project's own files, parsed, for the tests beside this module."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "fundapp"
TEMPLATES = ROOT / "templates"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(folder: Path = PACKAGE) -> list[Path]:
    """Every Python file under ``folder``."""
    return sorted(folder.rglob("*.py"))


def templates() -> list[Path]:
    """Every template."""
    return sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


def name(path: Path) -> str:
    """The path as a person says it: from the project's root."""
    return path.relative_to(ROOT).as_posix()


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a file, inner ones too."""
    for node in ast.walk(parse(path)):
        if isinstance(node, Function):
            yield node


def length(node: Function) -> int:
    """How many lines a function takes, from ``def`` to its end, decorators left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


@cache
def tracked() -> list[Path]:
    """The files that are in the repository, or would be at the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return sorted(
        path for path in map(ROOT.joinpath, filter(None, listed.split("\0"))) if path.is_file()
    )
