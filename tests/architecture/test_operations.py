"""Every operation takes an actor and asks what the actor may do; no view decides what to refuse."""

import ast
from collections import defaultdict
from functools import cache

from tests.architecture.sources import PACKAGE, modules, name, parse

#: Operations that are asked of nobody, each with its reason.
ASKED_OF_NOBODY = {
    "fundapp/trail/operations.py record_event": "what happened is recorded, whoever did it",
    "fundapp/trail/operations.py record_events": "as record_event",
    "fundapp/trail/operations.py event_run": "as record_event",
    "fundapp/trail/operations.py record_child_reads": "a read is recorded, whoever reads",
    "fundapp/identity/operations/sessions.py record_failed_sign_in": "a refusal is recorded",
}


def operation_files():
    return [
        path
        for path in modules()
        if path.name == "operations.py" or "operations" in path.parent.parts[-1:]
    ]


def operations():
    """(label, package, function) of every public function of the operations' files."""
    for path in operation_files():
        for node in parse(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{name(path)} {node.name}", path.relative_to(PACKAGE).parts[0], node


@cache
def functions_of(package):
    """Every function of a package by name; a name may stand for several."""
    found = defaultdict(list)
    for path in modules(PACKAGE / package):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.FunctionDef):
                found[node.name].append(node)
    return found


def called(node):
    """Names of what a function calls or hands on, attributes by their last part."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


@cache
def questions():
    """Names of the predicates of every `policy.py` that say what an actor may do, and of those of
    `visibility.py` that ask the database as well.
    """
    asking = {"policy.py": ("may_", "is_own_"), "visibility.py": ("sees_",)}
    return {
        node.name
        for path in modules()
        for node in (parse(path).body if path.name in asking else ())
        if isinstance(node, ast.FunctionDef) and node.name.startswith(asking[path.name])
    }


def asks(package, node):
    """Whether the function, or what it uses of its package, asks a question of the policy."""
    waiting, seen = [node], set()
    while waiting:
        names = set(called(waiting.pop())) - seen
        if names & questions():
            return True
        seen |= names
        waiting += [function for each in names for function in functions_of(package).get(each, ())]
    return False


OPERATIONS = {label: (package, node) for label, package, node in operations()}


def lacks(label):
    """What the operation lacks."""
    package, node = OPERATIONS[label]
    parameters = {arg.arg: arg.annotation for arg in (*node.args.args, *node.args.kwonlyargs)}
    annotation = parameters.get("actor") or parameters.get("reader")
    if annotation is None or ast.unparse(annotation) != "Actor":
        return "an actor"
    if label not in ASKED_OF_NOBODY and not asks(package, node):
        return "a question of the policy"
    return ""


def test_an_operation_takes_an_actor_and_asks():
    assert {label: lack for label in OPERATIONS if (lack := lacks(label))} == {}


def test_the_short_list_is_right():
    assert set(ASKED_OF_NOBODY) <= set(OPERATIONS)


def test_no_view_catches_what_a_rule_refuses():
    """`fundapp.web.forms.submit` shows a refusal; `fundapp.web.errors` makes its page."""
    refusals = {
        node.name
        for path in modules()
        if path.name == "errors.py"
        for node in parse(path).body
        if isinstance(node, ast.ClassDef)
    }
    caught = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        if path.name == "views.py" or path.parent.name == "views"
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ExceptHandler) and node.type is not None
        if refusals & {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)}
    ]
    assert not caught
