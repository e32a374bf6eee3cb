"""Runs migrations in the application's own database; an upgrade is one transaction on both."""

from alembic import context
from flask import current_app

from fundapp.db import begin_to_write, db


def run() -> None:
    """Migrate with a connection of the application's engine."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection, begin_to_write(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            compare_type=True,
            render_as_batch=False,
            transaction_per_migration=False,
            transactional_ddl=True,  # SQLite's too, which Alembic does not expect
        )
        with context.begin_transaction():
            context.run_migrations()
    # A connection of SQLite that has prepared so many statements has no room for those that follow
    # (`fundapp.db.engines.PREPARED_STATEMENTS`).
    engine.dispose()


run()
