"""What the role of the web server may do in PostgreSQL: less than the owner of the tables.

Permanent rows it may only add and read; balances it may only read, because the functions that keep
them run with the rights of the owner (``SECURITY DEFINER``). The triggers refuse the same once
more.
"""

import re
from collections.abc import Iterator

from sqlalchemy import Table

from fundapp.db.columns import Base
from fundapp.db.rules import read_rules

#: Kept by functions of the database alone, from what is posted.
KEPT_BY_FUNCTIONS = frozenset(
    {"balance_deltas", "fund_balances", "monthly_balances", "shortage_changes"}
)
#: Tables of which the program takes rows away; of every other, nobody does.
EMPTIED = frozenset(
    {
        "account_days",
        "campaign_months",
        "campaign_postings",
        "checkpoint_holders",
        "child_name_keys",
        "donor_merges",
        "fund_accounts",
        "gift_batch_rows",
        "grant_conditions",
        "grant_instalments",
        "grant_lines",
        "grant_reports",
        "help_days",
        "help_months",
        "passkeys",
        "recovery_codes",
        "request_lines",
        "thread_heads",
        "thread_late",
        "thread_moves",
        "thread_rests",
        "totp_secrets",
        "user_districts",
        "user_roles",
    }
)
#: The program reads the first; triggers that run with the rights of the role read the others.
VIEWS = ("account_months", "role_pairs", "verified_accounts")
#: PostgreSQL asks for UPDATE of one column to lock a row; triggers refuse a change of it.
LOCKED_BY = {
    "aid_instalments": "request_id",
    "callbacks": "id",
    "committee_orders": "id",
    "fund_balances": "fund_code",
    "journal_entries": "id",
    "payout_batches": "id",
    "payouts": "id",
    "programme_phases": "id",
}

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_REFUSED = re.compile(
    r"BEFORE (?:DELETE OR )?UPDATE ON (\w+)\s+FOR EACH ROW EXECUTE FUNCTION refuse_change\(\)",
    re.MULTILINE,
)


def grant_statements(role: str) -> Iterator[str]:
    """The statements that give ``role`` what the program needs, and take away what it had more.

    ValueError for a name that would have to be quoted.
    """
    if _ROLE.fullmatch(role) is None:
        raise ValueError("A role's name is small letters, digits and underscores.")
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    for table in Base.metadata.sorted_tables:
        yield f"GRANT {', '.join(_privileges(table))} ON {table.name} TO {role}"
    # Tries against rate limits are no data of the fund: fundapp/web/try_stores.py.
    yield f"GRANT USAGE ON SCHEMA limits TO {role}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON limits.tries TO {role}"
    for view in VIEWS:
        yield f"GRANT SELECT ON {view} TO {role}"
    # By these `/readyz` proves that it can write.
    yield f"GRANT SELECT, UPDATE ON alembic_version TO {role}"
    yield (
        "DO $$ BEGIN EXECUTE"
        f" format('GRANT TEMPORARY ON DATABASE %I TO {role}', current_database()); END $$"
    )


def _privileges(table: Table) -> list[str]:
    name = table.name
    if name in KEPT_BY_FUNCTIONS:
        privileges = ["SELECT"]
    elif name in permanent_tables():
        privileges = ["SELECT", "INSERT"]
    else:
        privileges = ["SELECT", "INSERT", "UPDATE", *(["DELETE"] if name in EMPTIED else [])]
    column = LOCKED_BY.get(name)
    return [*privileges, f"UPDATE ({column})"] if column else privileges


def permanent_tables() -> frozenset[str]:
    """The tables whose rows are never changed, as the rules say."""
    found = (_REFUSED.search(rule.sql) for rule in read_rules("postgresql"))
    return frozenset(match[1] for match in found if match)
