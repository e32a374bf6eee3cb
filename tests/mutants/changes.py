"""The changes that make mutants of a file: one node of its syntax tree each.

Left alone is what makes no difference to a rule: texts for people, docstrings, help texts,
annotations, the log, the arguments of a few decorators, and the bodies of abstract methods.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path
from typing import Any

_OPPOSITES: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult, ast.Mod: ast.FloorDiv, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip

#: Methods that narrow or order a query; without the call the query still runs.
_NARROWING = {"where", "filter", "filter_by", "order_by", "limit", "distinct", "with_for_update"}

#: Decorators and functions whose arguments change no behaviour.
_NEUTRAL = {
    "dataclass", "lru_cache", "cache", "TypeVar", "ParamSpec", "cast", "comment", "help", "metavar",
    "N_", "_l", "_",
}  # fmt: skip

_TYPES = {"list", "set", "frozenset", "tuple", "type", "Iterable", "Iterator", "Sequence"}

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class Mutant:
    """One change of one file.

    ``lines`` are those of the changed statement; ``function`` is the first line of the function
    around it, None for a change that takes effect when the module is imported.
    """

    path: Path
    tree: ast.Module
    lines: range
    function: int | None
    parent: ast.AST
    field: str
    index: int | None
    old: ast.AST
    new: ast.AST | None

    @property
    def line(self) -> int:
        """The line of the change."""
        return getattr(self.old, "lineno", self.lines.start)

    @property
    def before(self) -> str:
        """The changed code."""
        return " ".join(ast.unparse(self.old).split())

    @property
    def after(self) -> str:
        """The code in its place; empty where it was removed."""
        return " ".join(ast.unparse(self.new).split()) if self.new else ""

    @property
    def function_name(self) -> str:
        """The name of the function around the change; empty outside of functions."""
        functions = (node for node in ast.walk(self.tree) if isinstance(node, _Function))
        return next((each.name for each in functions if _first_line(each) == self.function), "")

    def apply(self) -> ast.Module:
        """Change the tree, for good, and give it back."""
        if self.index is None:
            setattr(self.parent, self.field, self.new)
            return self.tree
        items = getattr(self.parent, self.field)
        if self.new is None:
            del items[self.index]
            if isinstance(self.parent, ast.Dict):
                del self.parent.values[self.index]
        else:
            items[self.index] = self.new
        return self.tree


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    yield from _inside(Mutant(path, tree, range(0), None, tree, "", None, tree, None))


def _inside(around: Mutant) -> Iterator[Mutant]:
    """The mutants of what ``around`` holds in its old node."""
    parent = around.old
    for field, value in ast.iter_fields(parent):
        if field in {"annotation", "returns", "ctx", "type_comment"} or _is_type(parent, field):
            continue
        children = value if isinstance(value, list) else [value]
        for position, child in enumerate(children):
            if not isinstance(child, ast.AST) or _is_neutral(child):
                continue
            place = _at(around, parent, field, position if isinstance(value, list) else None, child)
            for new in _changes(child, place):
                if new is not None:
                    ast.fix_missing_locations(ast.copy_location(new, child))
                yield Mutant(
                    place.path, place.tree, place.lines, place.function,
                    parent, field, place.index, child, new,
                )  # fmt: skip
            yield from _inside(place)


def _at(around: Mutant, parent: ast.AST, field: str, index: int | None, child: ast.AST) -> Mutant:
    """The place of a child: its statement and its function."""
    lines, function = around.lines, around.function
    if isinstance(child, ast.stmt):
        inner = getattr(child, "body", None)
        last = inner[0].lineno - 1 if isinstance(inner, list) else child.end_lineno or child.lineno
        lines = range(child.lineno, max(last, child.lineno) + 1)
    if function is None and isinstance(parent, _Function) and field == "body":
        function = _first_line(parent)
    return Mutant(around.path, around.tree, lines, function, parent, field, index, child, None)


def _first_line(function: _Function) -> int:
    """The line of the first decorator, or of the function itself."""
    return min([function.lineno, *(mark.lineno for mark in function.decorator_list)])


def _is_type(parent: ast.AST, field: str) -> bool:
    """Whether the field holds the parameters of a type: ``dict[str, int]``."""
    if not (isinstance(parent, ast.Subscript) and field == "slice"):
        return False
    return isinstance(parent.slice, ast.Tuple) or ast.unparse(parent.value) in _TYPES


def _is_neutral(node: ast.AST) -> bool:
    """Whether no change inside the node can make a difference that a test should see."""
    if isinstance(node, ast.Expr):
        call = node.value
        if isinstance(call, ast.Constant):
            return True  # a docstring
        return isinstance(call, ast.Call) and "logger" in ast.unparse(call.func)
    if isinstance(node, ast.Raise):
        return ast.unparse(node) == "raise NotImplementedError"  # every class below has its own
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) in {"__all__", "__slots__"}
    if isinstance(node, ast.keyword):
        return node.arg in _NEUTRAL
    return isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in _NEUTRAL


@singledispatch
def _replacements(_node: ast.AST) -> Iterator[ast.AST | None]:
    """What to put in a node's place, by its kind; None removes it from its list."""
    return iter(())


@_replacements.register
def _(node: ast.Compare) -> Iterator[ast.AST | None]:
    for position, operator in enumerate(node.ops):
        operators = [*node.ops]
        operators[position] = _opposite(operator)
        yield ast.Compare(node.left, operators, node.comparators)


@_replacements.register
def _(node: ast.BoolOp) -> Iterator[ast.AST | None]:
    yield ast.BoolOp(_opposite(node.op), node.values)


@_replacements.register
def _(node: ast.UnaryOp) -> Iterator[ast.AST | None]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield node.operand


@_replacements.register
def _(node: ast.BinOp) -> Iterator[ast.AST | None]:
    if type(node.op) in _OPPOSITES:
        yield ast.BinOp(node.left, _opposite(node.op), node.right)


@_replacements.register
def _(node: ast.AugAssign) -> Iterator[ast.AST | None]:
    if type(node.op) in _OPPOSITES:
        yield ast.AugAssign(node.target, _opposite(node.op), node.value)


@_replacements.register
def _(node: ast.Constant) -> Iterator[ast.AST | None]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        if node.value > 0:
            yield ast.Constant(node.value - 1)


@_replacements.register
def _(node: ast.Return) -> Iterator[ast.AST | None]:
    # A constant that is false differs from None in no condition.
    if node.value and not (isinstance(node.value, ast.Constant) and not node.value.value):
        yield ast.Return(ast.Constant(None))


@_replacements.register(ast.Raise)
@_replacements.register(ast.Expr)
def _(node: ast.Raise | ast.Expr) -> Iterator[ast.AST | None]:
    if isinstance(node, ast.Raise) or isinstance(node.value, ast.Call):
        yield ast.Pass()


@_replacements.register
def _(node: ast.Call) -> Iterator[ast.AST | None]:
    if isinstance(node.func, ast.Attribute) and node.func.attr in _NARROWING:
        yield node.func.value


@_replacements.register
def _(node: ast.keyword) -> Iterator[ast.AST | None]:
    if node.arg:
        yield None


def _changes(node: ast.AST, place: Mutant) -> Iterator[ast.AST | None]:
    """What to put in the node's place, by its kind and by where it is."""
    yield from _replacements(node)
    negated = isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp)
    if place.field in {"test", "ifs"} and not negated:
        yield ast.UnaryOp(ast.Not(), node)
    if _is_element(place):
        yield None


def _is_element(place: Mutant) -> bool:
    """Whether the node is one of the values of a display, which can go without it."""
    match place.parent:
        case ast.Dict():
            return place.field == "keys"
        case ast.Set() | ast.List():
            return place.field == "elts" and len(place.parent.elts) > 1
        case ast.Tuple():
            return place.function is None and len(place.parent.elts) > 1
    return False


def _opposite(operator: Any) -> Any:
    return _OPPOSITES[type(operator)]()
