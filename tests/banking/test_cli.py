"""``flask bank …``."""

import pytest

from fundapp.banking.models import StatementLine
from fundapp.db import db
from tests.factories.banking import Move, fee, statement_file

pytestmark = pytest.mark.sqlite


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "november.csv"
    path.write_bytes(statement_file([Move(50_000), fee()]))
    return path


def run(runner, *args):
    return runner.invoke(args=["bank", *map(str, args)])


def import_it(runner, file, *more):
    return run(runner, "import", file, "--account", "KTB-MAIN", "--profile", "ktb", *more)


def lines():
    return db.session.scalar(db.select(db.func.count()).select_from(StatementLine))


def test_importing(bank, runner, file):
    dry = import_it(runner, file, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "2 new, 0 completed, 0 known" in dry.output
    assert "nothing has been written" in dry.output
    assert lines() == 0
    done = import_it(runner, file)
    assert (done.exit_code, lines()) == (0, 2)
    again = import_it(runner, file)
    assert again.exit_code == 0
    assert "imported before" in again.output
    assert lines() == 2


def test_a_refused_file_is_a_table_and_an_exit_code(bank, runner, file):
    text = file.read_text(encoding="utf-8-sig").replace('"10,475.00"', '"10,476.00"')
    file.write_text(text, encoding="utf-8")
    result = import_it(runner, file)
    assert result.exit_code == 1
    assert "Nothing has been changed." in result.output
    assert "What is wrong" in result.output
    assert "give 10,475.00." in result.output
    assert lines() == 0


def test_wrong_arguments(bank, runner, file, tmp_path):
    unknown = run(runner, "import", file, "--account", "NO-SUCH", "--profile", "ktb")
    assert unknown.exit_code == 1
    assert "no bank account" in unknown.output
    other = run(runner, "import", file, "--account", "KTB-MAIN", "--profile", "scb")
    assert other.exit_code == 2
    assert import_it(runner, tmp_path / "missing.csv").exit_code == 2


def test_accounts(session, runner):
    arguments = (
        "open-account", "KTB-MAIN", "--name", "Main", "--bank", "006", "--number",
        "987-6-54321-0", "--ledger-account", "1121",
    )  # fmt: skip
    assert run(runner, *arguments).exit_code == 0
    assert "KTB-MAIN" in run(runner, "accounts").output
    twice = run(runner, *arguments)
    assert twice.exit_code == 1
    assert "in use already" in twice.output
