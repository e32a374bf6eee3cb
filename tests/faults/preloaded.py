"""Imports, before the forks, all that the program imports when an application is made."""

import importlib
import os
from pathlib import Path

from tests.faults.processes import settings

MODULES = (
    "gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "psycopg", "time_machine",
    "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.sqlite", "flask_migrate",
    "tests.factories.books", "tests.factories.identity", "tests.factories.mail",
)  # fmt: skip

for _name in MODULES:
    importlib.import_module(_name)
os.environ.update(settings("sqlite://", Path("/nowhere")))
importlib.import_module("fundapp").create_app()
