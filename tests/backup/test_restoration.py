"""Restoring: into an empty place only, and all of it or nothing."""

import json

import pytest

from fundapp.db import begin_to_write, db, unit_of_work
from fundapp.documents import store
from fundapp.mail.models import MAX_ATTEMPTS
from tests.conftest import dispose, make_app, migrate, settings
from tests.factories.mail import make_message


def restore(app, backup):
    return app.test_cli_runner().invoke(args=["backup", "restore", str(backup)])


def has_no_documents(app):
    with app.app_context():
        return store.is_empty()


def tables_of(app):
    with app.app_context(), db.engine.connect() as connection:
        return db.inspect(connection).get_table_names()


def test_a_database_with_tables_is_refused(backup, elsewhere):
    migrate(elsewhere.config["SQLALCHEMY_DATABASE_URI"])
    result = restore(elsewhere, backup)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The database of DATABASE_URL has tables.")
    assert has_no_documents(elsewhere)


@pytest.mark.sqlite
def test_a_place_with_documents_is_refused(backup, elsewhere):
    with elsewhere.app_context():
        store.put("2026/11/a.encrypted", b"somebody else's")
    result = restore(elsewhere, backup)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The place of DOCUMENTS_URL is not empty.")
    assert not has_no_documents(elsewhere)
    assert tables_of(elsewhere) == []


def test_a_second_restore_is_refused(backup, elsewhere):
    assert restore(elsewhere, backup).exit_code == 0
    assert "has tables" in restore(elsewhere, backup).stderr


def change_manifest(backup, **fields):
    path = backup / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"field_keys": ["k1", "k7"]}, "The data need the field keys k7, which FIELD_KEYS does"),
        ({"migration": "9999"}, "migration 9999, which this version of the program does not know"),
        ({"kind": "paper"}, "a database of the kind paper, which is unknown"),
    ],
)
def test_what_this_program_cannot_use_is_refused(backup, elsewhere, fields, sentence):
    change_manifest(backup, **fields)
    result = restore(elsewhere, backup)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert has_no_documents(elsewhere)
    assert tables_of(elsewhere) == []


@pytest.mark.postgresql
def test_a_backup_of_the_other_database_is_refused(backup, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    small = make_app(settings(f"sqlite:///{folder / 'fund.sqlite3'}", folder))
    result = restore(small, backup)
    assert "The backup is of a postgresql database" in result.stderr
    assert has_no_documents(small)
    dispose(small)


@pytest.mark.postgresql
def test_when_the_database_fails_nothing_is_left(backup, elsewhere):
    """A function in the way makes pg_restore fail after it has begun."""
    with elsewhere.app_context(), db.engine.connect() as connection, begin_to_write(connection):
        connection.exec_driver_sql("CREATE SEQUENCE in_the_way")
        connection.exec_driver_sql("CREATE VIEW account_months AS SELECT 1 AS one")
    result = restore(elsewhere, backup)
    assert result.exit_code == 1
    assert "pg_restore: error: " in result.stderr
    assert has_no_documents(elsewhere)
    assert tables_of(elsewhere) == []


@pytest.mark.postgresql
def test_absent_programs_are_named(province, runner, tmp_path):
    result = runner.invoke(
        args=["backup", "create", str(tmp_path / "nightly"), "--pg-bin", str(tmp_path)]
    )
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: pg_dump is not found.")
    assert not list(tmp_path.glob("nightly*"))


@pytest.mark.sqlite
def test_a_place_that_cannot_be_written_leaves_no_database(backup, elsewhere, tmp_path):
    (tmp_path / "elsewhere" / "documents").mkdir()
    (tmp_path / "elsewhere" / "documents" / "2026").symlink_to("/dev/full")
    result = restore(elsewhere, backup)
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.stderr.startswith("Error: The place of documents answers: ")
    assert tables_of(elsewhere) == []


@pytest.mark.sqlite
def test_a_yellow_check_is_no_reason_not_to_start(province, runner, elsewhere, tmp_path):
    """Mail that is late is no fault of the backup."""
    message = unit_of_work(make_message)
    unit_of_work(lambda: setattr(message, "attempts", MAX_ATTEMPTS))
    folder = tmp_path / "backup"
    assert runner.invoke(args=["backup", "create", str(folder)]).exit_code == 0
    result = restore(elsewhere, folder)
    assert "audit check: 0 of " in result.output
    assert result.exit_code == 0
