"""Tries against rate limits, counted for all processes, on PostgreSQL; on SQLite they have a file."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A schema of its own: its rows are no data of the fund, and in no backup."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("CREATE SCHEMA limits")
    op.execute("COMMENT ON SCHEMA limits IS 'tries against rate limits; no data of the fund'")
    # Unlogged: written for every sign-in, and worth nothing after a crash of the server.
    op.execute(
        "CREATE UNLOGGED TABLE limits.tries"
        " (key BYTEA NOT NULL CONSTRAINT key_length CHECK (length(key) = 16),"
        " at DOUBLE PRECISION NOT NULL, until DOUBLE PRECISION NOT NULL)"
    )
    op.execute("CREATE INDEX ix_tries_key ON limits.tries (key, at)")
    op.execute("CREATE INDEX ix_tries_until ON limits.tries (until)")


def downgrade() -> None:
    """Drop them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA limits CASCADE")
