"""What gunicorn does before it makes the workers, which then share the loaded program."""

import gc
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, template_rendered

from fundapp.db import db

CONF = Path(__file__).resolve().parents[2] / "gunicorn.conf.py"


@pytest.fixture
def conf():
    yield runpy.run_path(str(CONF))
    gc.unfreeze()


def server(app, workers=2):
    return SimpleNamespace(
        cfg=SimpleNamespace(workers=workers), app=SimpleNamespace(wsgi=lambda: app)
    )


def test_workers_share_the_program_but_no_connection(app, session, conf):
    assert conf["preload_app"] is True
    session.connection()
    session.remove()
    pool = db.engine.pool
    assert pool.checkedin() > 0
    conf["on_starting"](server(app))
    assert db.engine.pool is not pool, "connections of before are closed, and the pool is new"
    assert (db.engine.pool.checkedin(), db.engine.pool.checkedout()) == (0, 0)
    assert session.connection().exec_driver_sql("SELECT 1").scalar() == 1


def test_first_pages_are_opened_before_there_are_workers(app, session, conf):
    opened = []
    with template_rendered.connected_to(
        lambda _, template, **__: opened.append(template.name), app
    ):
        conf["on_starting"](server(app))
    assert {"transparency/home.html", "giving/give.html", "identity/sign_in.html"} <= set(opened)


@pytest.mark.sqlite
def test_another_program_is_started_as_it_is(conf):
    conf["on_starting"](server(Flask("another")))


@pytest.mark.sqlite
def test_several_workers_that_count_alone_are_refused(conf, monkeypatch):
    monkeypatch.setenv("RATE_LIMIT_STORAGE_URL", "memory://")
    with pytest.raises(SystemExit):
        conf["on_starting"](server(Flask("another")))
