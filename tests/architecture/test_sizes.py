"""Files and functions stay small enough to be read in one sitting."""

from tests.architecture.sources import ROOT, functions, length, modules, name

FILE_LINES = 400
FUNCTION_LINES = 60
CONFTEST_LINES = 200


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_long():
    long = {name(path): lines(path) for path in modules() if lines(path) > FILE_LINES}
    assert not long, "split these by noun into a folder of the same name"


def test_no_function_is_long():
    long = {
        f"{name(path)}:{node.lineno} {node.name}": length(node)
        for path in modules()
        for node in functions(path)
        if length(node) > FUNCTION_LINES
    }
    assert not long, "a function above this length does more than one thing"


def test_no_conftest_is_long():
    long = [
        name(path) for path in (ROOT / "tests").rglob("conftest.py") if lines(path) > CONFTEST_LINES
    ]
    assert not long, "fixtures of one package belong beside its tests"


def test_a_typical_function_is_short():
    lengths = sorted(length(node) for path in modules() for node in functions(path))
    assert lengths[len(lengths) // 2] <= 12
