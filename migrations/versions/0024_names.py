"""A keyed hash of each child's full name, so that texts can be asked whether they hold one."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import checks

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_RULE = ("ck_children_name_lookup_hashed", "length(name_lookup) = 32")


def upgrade() -> None:
    """The hashes of children who are registered already are computed by the program, at the first
    comparison (`fundapp/children/name_guard.py`): how names are folded is no part of a migration.
    """
    op.add_column(
        "children",
        sa.Column(
            "name_lookup",
            sa.LargeBinary(),
            comment="keyed hash of the full name, to refuse it in texts; NULL: not computed yet",
        ),
    )
    checks.add_check(op.get_bind(), "children", *_RULE)
    op.create_index("ix_children_name_lookup", "children", ["name_lookup"])


def downgrade() -> None:
    """Drop them; they are computed again by the next upgrade."""
    op.drop_index("ix_children_name_lookup", "children")
    checks.drop_check(op.get_bind(), "children", *_RULE)
    op.drop_column("children", "name_lookup")
