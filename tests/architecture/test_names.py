"""Names: files are named for their kind of work, and one name means one thing."""

import ast
import re
from collections import defaultdict

from tests.architecture.sources import PACKAGE, ROOT, modules, name, parse

GUIDE = ROOT / "docs" / "architecture.md"
#: In these folders a file is named for the noun whose work it does.
KINDS_BY_NOUN = {
    "models", "operations", "queries", "forms", "errors", "views", "checks", "handlers",
}  # fmt: skip


def listed(heading):
    """The file names in the first column of the table under a heading of the guide."""
    section = GUIDE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    section = section.partition("\n## ")[0]
    return set(
        re.findall(r"`([a-z_]+)\.py`", "\n".join(re.findall(r"^\|[^|]*\|", section, re.MULTILINE)))
    )


def test_every_file_name_is_in_the_guide():
    known = listed("Inside a package") | listed("Files with a name of their own") | {"__init__"}
    unknown = [
        name(path)
        for path in [*modules(), *modules(ROOT / "demo")]
        if path.stem not in known and path.parent.name not in KINDS_BY_NOUN
    ]
    assert unknown == []


def test_the_guide_names_no_file_that_is_not_there():
    stems = {path.stem for path in [*modules(), *modules(ROOT / "demo")]}
    assert listed("Files with a name of their own") - stems == set()


def test_no_class_name_is_used_twice():
    places = defaultdict(list)
    for path in modules():
        for node in parse(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name(path))
    assert {each: files for each, files in places.items() if len(files) > 1} == {}


def test_no_predicate_has_two_rules():
    """`may_…`, `is_…`, `has_…` and `sees_…` say one thing each, whichever package they are in."""
    places = defaultdict(list)
    for path in modules():
        for node in parse(path).body:
            if isinstance(node, ast.FunctionDef) and re.match(r"(may|is|has|sees)_", node.name):
                places[node.name].append(name(path))
    assert {each: files for each, files in places.items() if len(files) > 1} == {}


def test_blueprints_are_where_one_looks_for_them():
    wrong = [
        name(path)
        for path in modules()
        if path.name not in {"blueprint.py", "views.py"}
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Blueprint"
    ]
    assert wrong == []


def test_no_import_comes_after_the_code():
    late = []
    for path in modules():
        body = [node for node in parse(path).body if not isinstance(node, ast.Expr)]
        kinds = [isinstance(node, ast.Import | ast.ImportFrom) for node in body]
        if True in kinds[kinds.index(False) :] if False in kinds else False:
            late.append(name(path))
    assert late == []


def test_the_ledger_alone_seals():
    """Fields at rest are encrypted; what is sealed is an entry of the journal."""
    log = r"ed (log|journal|entr)|_journal|s? entries| what was"
    word = re.compile(rf"(?<!log[_:])seal(?!{log})", re.IGNORECASE)
    outside = [
        name(path)
        for path in modules()
        if word.search(path.read_text(encoding="utf-8"))
        and path.relative_to(PACKAGE).parts[0] not in {"ledger", "audit", "db"}
    ]
    assert outside == []
