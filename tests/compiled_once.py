"""What each application of the tests would compile anew, compiled once by each process.

A server makes one application; the tests make one for each of them. Half of their time went into
the same routes and the same SQL again.
"""

from types import MethodType
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

_rules: dict[tuple[object, ...], Rule] = {}
_statements: LRUCache[Any, Any] = LRUCache(2_000)


class SharedRule(Rule):
    """A route that takes over what an equal one of an earlier application has compiled."""

    def compile(self) -> None:
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, repr(self.defaults))
        first = _rules.get(key)
        if first is None:
            super().compile()
            _rules[key] = self
            return
        self.arguments |= first.arguments
        self._parts, self._trace = first._parts, first._trace
        self._converters = first._converters
        self._build = MethodType(first._build.__func__, self)
        self._build_unknown = MethodType(first._build_unknown.__func__, self)


class _AnyOfItsKind:
    """A dialect that equals every other of its class: so what one compiled serves the next."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


class SharedSqlite(_AnyOfItsKind, SQLiteDialect_pysqlite):
    """SQLite."""

    supports_statement_cache = True


class SharedPostgresql(_AnyOfItsKind, PGDialect_psycopg):
    """PostgreSQL."""

    supports_statement_cache = True


def share_routes_and_dialects() -> None:
    """From now on applications are made with shared routes, and engines with shared dialects."""
    Flask.url_rule_class = SharedRule
    registry.register("sqlite", __name__, SharedSqlite.__name__)
    registry.register("postgresql.psycopg", __name__, SharedPostgresql.__name__)


def share_statements(engine: Engine) -> None:
    """Let ``engine`` use what others compiled, and they what it compiles."""
    engine.update_execution_options(compiled_cache=_statements)
