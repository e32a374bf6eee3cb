"""A command reports what is wrong in a sentence, never as a stack trace."""

import pytest
from sqlalchemy import text

from config import SettingError
from fundapp import create_app
from fundapp.db import db, unit_of_work
from tests.conftest import settings

pytestmark = pytest.mark.sqlite

#: What Python makes of an argument that is not UTF-8, for example from a Latin-1 terminal.
NOT_UTF8 = "caf\udce9"

WRONG = [
    ["users", "create", "a@example.org", "--role", "case_manager", "--district", NOT_UTF8],
    ["users", "create", "a@example.org", "--role", "donor", "--name", NOT_UTF8],
    ["users", "disable", NOT_UTF8],
    ["ledger", "trial-balance", "--fund", NOT_UTF8],
    ["ledger", "export", "--format", "csv", "--output", "/dev/full"],
    ["ledger", "create-fund", "A", "--restriction", "zakat", "--name-th", "ก", "--name-en", "a",
     "--name-ms", "a", "--position", "9" * 30],
    ["ledger", "close-period", "24/11/2569", "--by", NOT_UTF8],
]  # fmt: skip


@pytest.mark.parametrize("args", WRONG, ids=lambda args: " ".join(args[:2]))
def test_wrong_arguments(runner, args):
    result = runner.invoke(args=args)
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in {1, 2}
    assert result.output.startswith(("Error: ", "Usage: "))
    assert "\nError: " in f"\n{result.output}"


def test_a_database_without_tables(runner, session):
    for table in ("user_districts", "user_roles"):
        unit_of_work(session.execute, text(f"DROP TABLE {table}"))
    args = ["users", "create", "a@example.org", "--role", "donor"]
    result = runner.invoke(args=args)
    assert isinstance(result.exception, SystemExit), result.exception
    assert "db upgrade" in result.output
    db.session.rollback()


def test_unreadable_field_keys(tmp_path):
    with pytest.raises(SettingError, match="FIELD_KEYS needs items of the form"):
        create_app({**settings("sqlite://", tmp_path), "FIELD_KEYS": "zzz"})
