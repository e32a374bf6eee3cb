"""Every module, public class and public function says what it promises."""

import ast

from tests.architecture.sources import Function, modules, name, parse


def undocumented(path):
    tree = parse(path)
    if not ast.get_docstring(tree):
        yield name(path)
    yield from _undocumented(tree, name(path))


def _undocumented(parent, place):
    for node in parent.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and not _is_overload(node):
            yield f"{place}:{node.lineno} {node.name}"
        if isinstance(node, ast.ClassDef):
            yield from _undocumented(node, place)


def _is_overload(node):
    return any(isinstance(mark, ast.Name) and mark.id == "overload" for mark in node.decorator_list)


def test_everything_public_is_documented():
    assert [place for path in modules() for place in undocumented(path)] == []


def test_every_function_is_annotated():
    bare = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in modules()
        for node in ast.walk(parse(path))
        if isinstance(node, Function) and node.returns is None
    ]
    assert bare == []
