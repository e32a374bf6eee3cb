"""The bench runs by hand, and would break unseen: its settings and its books are tried here."""

import pytest
from sqlalchemy import text

from bench.databases import dispose, prepare, settings
from fundapp import create_app
from fundapp.db import db


@pytest.mark.sqlite
def test_the_databases_of_the_bench_are_ready(databases):
    with databases.empty() as url:
        prepare(url)
        app = create_app(settings(url))
        with app.app_context():
            assert db.session.scalars(text("SELECT code FROM funds")).all() == ["GEN"]
        dispose(app)
