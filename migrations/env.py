"""Runs migrations in the application's own database, each in one transaction on both databases."""

from alembic import context
from flask import current_app

from fundapp.db import db


def include_object(
    thing: object, name: str | None, kind: str, reflected: bool, _other: object
) -> bool:
    """Views are not tables: they stand in the migrations only."""
    return not (kind == "table" and reflected and name == "account_months")


def run() -> None:
    """Migrate with a connection of the application's engine."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(writes=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include_object,
            compare_type=True,
            render_as_batch=False,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
