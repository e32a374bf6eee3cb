"""One place commits: `fundapp.db.unit_of_work`."""

import ast

from tests.architecture.sources import PACKAGE, modules, name, parse

COMMITTER = PACKAGE / "db" / "work.py"


def calls(path, method):
    for node in ast.walk(parse(path)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == method
        ):
            yield f"{name(path)}:{node.lineno}"


def test_only_the_unit_of_work_commits():
    found = [place for path in modules() if path != COMMITTER for place in calls(path, "commit")]
    assert not found, "pass the work to fundapp.db.unit_of_work"


def test_operations_and_queries_open_no_unit_of_work():
    """They are called from inside one, by a view, a command or a larger operation."""
    found = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        if path.stem in {"operations", "queries", "policy", "workflow", "models"}
        or path.parent.name in {"operations", "queries"}
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Name) and node.id.startswith("unit_of_")
    ]
    assert not found


def test_the_transaction_is_committed_once_and_the_session_told_afterwards():
    commits = sorted(
        (node.lineno, ast.unparse(node.func))
        for node in ast.walk(parse(COMMITTER))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".commit")
    )
    assert [call for _line, call in commits] == ["transaction.commit", "self.session.commit"]
