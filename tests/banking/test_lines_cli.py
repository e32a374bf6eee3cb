"""``flask bank import --json``, ``undo-import``, ``statements`` and ``lines``, for programs."""

import json

import pytest

from fundapp.banking.models import StatementLine
from fundapp.db import db
from tests.factories.banking import LAST, TUESDAY, WEDNESDAY, Move, fee, statement_file

pytestmark = pytest.mark.sqlite

GIFT = Move(50_000, "X44")
NEXT = Move(30_000, "X55", day=WEDNESDAY)


@pytest.fixture
def run(bank, runner, tmp_path):
    """Runs a command; bytes among its arguments become the path of a file."""

    def run(*args):
        paths = []
        for number, each in enumerate(args):
            if isinstance(each, bytes):
                path = tmp_path / f"{number}.csv"
                path.write_bytes(each)
                each = path  # noqa: PLW2901
            paths.append(str(each))
        return runner.invoke(args=["bank", *paths])

    return run


def import_json(run, data, *more):
    options = ("--account", "KTB-MAIN", "--profile", "ktb", "--json", *more)
    answer = run("import", data, *options)
    return answer.exit_code, json.loads(answer.stdout)


def test_counts_of_an_import(run):
    code, found = import_json(run, statement_file([GIFT, fee()], to_on=TUESDAY))
    assert code == 0
    assert found.pop("id")
    assert found == {"new": 2, "completed": 0, "known": 0, "refused": 0}
    longer = statement_file([Move(50_000, "X44 name"), fee(), NEXT], to_on=LAST)
    dry = import_json(run, longer, "--dry-run")
    assert dry == (0, {"new": 1, "completed": 1, "known": 1, "refused": 0, "id": None})
    assert import_json(run, longer)[1] | {"id": None} == dry[1]
    code, found = import_json(run, longer)
    assert (code, found["new"], found["known"]) == (0, 0, 3)


def test_a_refused_file(run):
    refused = {"new": 0, "completed": 0, "known": 0, "refused": 1, "id": None}
    other = statement_file([GIFT], number="111-2-33333-4")
    assert import_json(run, other) == (1, refused)
    assert import_json(run, b"%PDF-1.7") == (1, refused)
    assert db.session.scalar(db.select(db.func.count()).select_from(StatementLine)) == 0


def test_a_changed_day_is_taken_over_when_told_to(run):
    import_json(run, statement_file([GIFT, NEXT], to_on=WEDNESDAY))
    changed = statement_file([GIFT, Move(100), NEXT], to_on=LAST)
    refused = run("import", changed, "--account", "KTB-MAIN", "--profile", "ktb")
    assert refused.exit_code == 1
    assert "the box to tick is --take-over" in refused.stderr
    code, found = import_json(run, changed, "--take-over")
    assert (code, found["new"], found["known"]) == (0, 1, 2)


def test_lines(run):
    import_json(run, statement_file([GIFT, fee(), NEXT]))
    answer = run("lines", "--account", "KTB-MAIN", "--json")
    assert json.loads(answer.stdout) == [
        {
            "day": "2026-11-03",
            "amount_satang": 50_000,
            "text": "รับโอนพร้อมเพย์ X44 PromptPay",
            "status": "unmatched",
        },
        {
            "day": "2026-11-03",
            "amount_satang": -2_500,
            "text": "ค่าธรรมเนียม Internet",
            "status": "unmatched",
        },
        {
            "day": "2026-11-04",
            "amount_satang": 30_000,
            "text": "รับโอนพร้อมเพย์ X55 PromptPay",
            "status": "unmatched",
        },
    ]
    assert "-25.00" in run("lines", "--account", "KTB-MAIN").output
    unknown = run("lines", "--account", "NO-SUCH")
    assert (unknown.exit_code, "no bank account" in unknown.output) == (1, True)


def test_undoing(run):
    _, found = import_json(run, statement_file([GIFT]))
    assert found["id"] in run("statements").output
    assert found["id"] not in run("statements", "--account", "OTHER").output
    assert run("undo-import", found["id"]).exit_code == 0
    assert json.loads(run("lines", "--account", "KTB-MAIN", "--json").stdout) == []
    again = run("undo-import", found["id"])
    assert (again.exit_code, "already" in again.output) == (1, True)
    assert run("undo-import", "nothing").exit_code == 1
    assert "taken back" in run("statements").output
    assert import_json(run, statement_file([GIFT]))[1]["new"] == 1
