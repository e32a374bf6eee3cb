"""Health: what a load balancer and a restart script are told."""

import pytest
from sqlalchemy import text

from fundapp import create_app
from fundapp.db import is_postgresql, unit_of_work
from tests.conftest import settings


def test_the_process_answers(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_the_database_answers_and_is_migrated(client, session):
    answer = client.get("/readyz")
    name = "postgresql" if is_postgresql() else "sqlite"
    said = {"status": "ok", "database": name, "checks": "have never run"}
    assert (answer.status_code, answer.json) == (200, said)


@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET version_num = '0000'"])
def test_a_database_that_is_not_migrated_is_not_ready(client, session, change):
    unit_of_work(session.execute, text(change.format("alembic_version")))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable", "database": "not migrated"}


def test_a_database_that_cannot_be_reached_is_not_ready(tmp_path, caplog):
    app = create_app(settings(f"sqlite:///{tmp_path}/no-such-folder/fund.db", tmp_path))
    client = app.test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable", "database": "unreachable"}
    assert "does not answer" in caplog.text
    assert client.get("/healthz").status_code == 200
