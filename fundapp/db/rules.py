"""The rules that the database keeps by itself: its triggers, functions and views.

The text of each stands once, in ``fundapp/<package>/sql/<database>/*.sql``. A migration brings the
files into a database (`bring_in`); `differences` says where a database is not as the files say.
How a later migration changes a rule: docs/decisions/0013-rules-in-files.md.

A file begins with a comment and holds one or more statements. A statement begins with CREATE at the
start of a line and ends before the next line that starts with CREATE or with ``--``; every other
line inside it starts otherwise.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

PACKAGES = Path(__file__).parents[1]
DATABASES = ("sqlite", "postgresql")

_STATEMENT = re.compile(r"^CREATE .+?(?=^CREATE |^--|\Z)", re.MULTILINE | re.DOTALL)
_HEAD = re.compile(r"CREATE (?:OR REPLACE )?(FUNCTION|VIEW|TRIGGER) (\w+)")
_TABLE = re.compile(r" ON (\w+)")
#: A trigger calls functions, so they are made before it.
_ORDER = ("function", "view", "trigger")


class RuleName(NamedTuple):
    """What a rule is called in the catalogue; ``table`` is empty for functions and views."""

    kind: str
    name: str
    table: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A trigger, function or view as its file states it. ``sql`` has no semicolon at its end."""

    id: RuleName
    sql: str
    database: str
    path: Path

    @property
    def stored(self) -> str:
        """What the database keeps of the text. PostgreSQL rewrites a view, so of that it is
        nothing.
        """
        if self.database == "sqlite":
            return self.sql
        if self.id.kind == "function":
            head, body, _end = self.sql.split("$$")
            return body + (_AS_OWNER if "SECURITY DEFINER" in head else "")
        return " ".join(self.sql.split()) if self.id.kind == "trigger" else ""


@cache
def read_rules(database: str) -> tuple[Rule, ...]:
    """The rules of ``database``, one of `DATABASES`, in the order in which they are made."""
    rules = [
        _rule(found[0].rstrip().removesuffix(";"), database, path)
        for path in PACKAGES.glob(f"*/sql/{database}/*.sql")
        for found in _STATEMENT.finditer(path.read_text(encoding="utf-8"))
    ]
    return tuple(sorted(rules, key=lambda rule: (_ORDER.index(rule.id.kind), rule.id)))


def _rule(sql: str, database: str, path: Path) -> Rule:
    head = _HEAD.match(sql)
    if head is None:
        raise ValueError(f"{path}: neither a function, nor a view, nor a trigger: {sql[:40]}")
    kind = head[1].lower()
    table = _TABLE.search(sql) if kind == "trigger" else None
    return Rule(RuleName(kind, head[2], table[1] if table else ""), sql, database, path)


@cache
def digest() -> str:
    """A short SHA-256 of the rules of both databases; the comments of the files do not count."""
    text = "\0".join(rule.sql for database in DATABASES for rule in read_rules(database))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def bring_in(connection: Connection, stated: str) -> None:
    """Give the database the rules of the files, in a migration that states their `digest`.

    Rules that are missing or otherwise are made again, triggers that no file has are dropped. A
    migration that states another digest is an older one and does nothing: the text it brought in is
    gone, and the present text may name columns that a later migration adds.
    """
    if stated != digest():
        return
    present = stored_rules(connection)
    rules = read_rules(connection.dialect.name)
    wanted = {rule.id for rule in rules}
    for unknown in present.keys() - wanted:
        if unknown.kind == "trigger":
            _drop(connection, unknown)
    for rule in rules:
        if rule.id.kind == "trigger" and present.get(rule.id) == rule.stored:
            continue  # replacing a trigger locks its table
        if not rule.sql.startswith("CREATE OR REPLACE"):
            _drop(connection, rule.id)
        _execute(connection, rule.sql)


def take_out(connection: Connection) -> None:
    """Drop every trigger, and the files' views and functions: before tables change under them."""
    triggers = [known for known in stored_rules(connection) if known.kind == "trigger"]
    others = [rule.id for rule in read_rules(connection.dialect.name) if rule.id.kind != "trigger"]
    for known in (*triggers, *others):
        _drop(connection, known)


def differences(connection: Connection) -> Iterator[tuple[RuleName, str]]:
    """Each rule that the database lacks, has switched off or has in other words than its file, and
    each trigger that no file has; with what is wrong.
    """
    present = stored_rules(connection)
    for rule in read_rules(connection.dialect.name):
        stored = present.pop(rule.id, None)
        if stored is None:
            yield rule.id, "is missing"
        elif stored == _OFF:
            yield rule.id, "is switched off"
        elif stored != rule.stored:
            yield rule.id, f"is not as {rule.path.relative_to(PACKAGES.parent)} says"
    yield from ((known, "is in no file") for known in present if known.kind == "trigger")


def stored_rules(connection: Connection) -> dict[RuleName, str]:
    """Every trigger, function and view of the database, with its text as `Rule.stored` gives it."""
    catalogue = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    rows = connection.exec_driver_sql(catalogue)
    return {RuleName(kind, name, table): text for kind, name, table, text in rows}


#: What the catalogue adds to a function that runs with the rights of its owner.
_AS_OWNER = " with the rights of its owner, search_path=public, pg_temp"

#: Stands for the text of a trigger that is switched off (PostgreSQL).
_OFF = "switched off"

_SQLITE = """
SELECT type, name, iif(type = 'trigger', tbl_name, ''), sql
FROM sqlite_master WHERE type IN ('trigger', 'view')
"""

#: Functions that an extension brought are not ours.
_POSTGRESQL = """
WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
SELECT 'trigger', t.tgname, c.relname,
    CASE WHEN t.tgenabled IN ('O', 'A') THEN pg_get_triggerdef(t.oid, true) ELSE 'switched off' END
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN ours ON ours.oid = c.relnamespace
WHERE NOT t.tgisinternal
UNION ALL
SELECT 'function', p.proname, '', p.prosrc || CASE
    WHEN p.prosecdef THEN ' with the rights of its owner, ' || array_to_string(p.proconfig, ' ')
    ELSE '' END
FROM pg_proc p JOIN ours ON ours.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
UNION ALL
SELECT 'view', c.relname, '', ''
FROM pg_class c JOIN ours ON ours.oid = c.relnamespace
WHERE c.relkind = 'v' AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
"""


def _drop(connection: Connection, known: RuleName) -> None:
    on = f" ON {known.table}" if known.table and connection.dialect.name == "postgresql" else ""
    _execute(connection, f"DROP {known.kind} IF EXISTS {known.name}{on}")


def _execute(connection: Connection, sql: str) -> None:
    # Without parameters the driver takes % and : as they are.
    connection.exec_driver_sql(sql, execution_options={"no_parameters": True})
