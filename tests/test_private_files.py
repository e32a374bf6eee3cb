"""What the program writes can be read by its own user alone."""

import os
import stat
from pathlib import Path

import flask_migrate
import pytest

from fundapp.db import db, unit_of_work
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from tests.conftest import MIGRATIONS, dispose, make_app, settings
from tests.documents.pictures import pdf
from tests.factories.actors import MANAGER


def store_paper():
    paper = accept(pdf())
    unit_of_work(store_document, paper, subject_type="consent", subject_ref="1", actor=MANAGER)


def wide(*roots):
    """Path and mode of everything that others may read, write or enter."""
    return {
        str(path): oct(stat.S_IMODE(path.stat().st_mode))
        for root in roots
        for path in (root, *root.rglob("*"))
        if path.stat().st_mode & 0o077
    }


@pytest.fixture
def usual_umask():
    """As most systems set it when they start a program."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.sqlite
def test_database_documents_and_backups_are_private(usual_umask, tmp_path):
    folder = tmp_path / "service"
    folder.mkdir(mode=0o700)
    app = make_app(settings(f"sqlite:///{folder / 'fund.sqlite3'}", folder))
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        store_paper()
        beside = {path.name for path in folder.iterdir()}
        assert {"fund.sqlite3", "documents"} < beside
        assert wide(folder) == {}
        backup = tmp_path / "backup"
        assert app.test_cli_runner().invoke(args=["backup", "create", str(backup)]).exit_code == 0
        assert len(list(backup.rglob("*"))) > 3
        assert wide(backup) == {}
    dispose(app)


@pytest.mark.sqlite
def test_what_was_made_wider_is_narrowed_or_named(app, runner, tmp_path):
    with app.app_context():
        file = Path(db.engine.url.database)
        store_paper()
        db.session.remove()
    documents = tmp_path / "documents"
    (paper,) = (path for path in documents.rglob("*") if path.is_file())
    for path in (file, documents, paper):
        path.chmod(path.stat().st_mode | 0o044)
    dispose(make_app(settings(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path)))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(documents.stat().st_mode) == 0o700
    result = runner.invoke(args=["audit", "check"])
    assert result.exit_code == 0
    assert "yellow  files.private" in result.output
    assert str(paper) in result.output
    assert str(file) not in result.output
    paper.chmod(0o600)
    assert "yellow" not in runner.invoke(args=["audit", "check"]).output.replace("0 yellow", "")
