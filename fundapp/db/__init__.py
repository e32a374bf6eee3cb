"""The two databases: column types, engine settings, the unit of work, triggers and views (`rules`).

SQLite is embedded, PostgreSQL is for production; every table and rule exists on both. Only
units of work and of reading commit.
"""

from fundapp.db.by_day import after_day, page_by_day
from fundapp.db.columns import (
    Base,
    BigInt,
    Bytes,
    Choice,
    Day,
    Flag,
    Json,
    UtcDateTime,
    is_kept_on,
    kept_by_trigger,
    one_of,
)
from fundapp.db.counting import count_rows, counted
from fundapp.db.engines import (
    begin_to_write,
    db,
    engine_options,
    files_of_database,
    has_file,
    init_app,
    is_postgresql,
    set_sqlite_pragmas,
    sqlite_module,
)
from fundapp.db.faults import is_away, is_retryable
from fundapp.db.given_rows import GivenRows
from fundapp.db.newest import newest_of_each
from fundapp.db.work import (
    append_rows,
    connection_of_work,
    insert_if_new,
    is_writing,
    lock,
    lock_all,
    unit_of_reading,
    unit_of_work,
    unit_of_work_now,
)

__all__ = [
    "Base",
    "BigInt",
    "Bytes",
    "Choice",
    "Day",
    "Flag",
    "GivenRows",
    "Json",
    "UtcDateTime",
    "after_day",
    "append_rows",
    "begin_to_write",
    "connection_of_work",
    "count_rows",
    "counted",
    "db",
    "engine_options",
    "files_of_database",
    "has_file",
    "init_app",
    "insert_if_new",
    "is_away",
    "is_kept_on",
    "is_postgresql",
    "is_retryable",
    "is_writing",
    "kept_by_trigger",
    "lock",
    "lock_all",
    "newest_of_each",
    "one_of",
    "page_by_day",
    "set_sqlite_pragmas",
    "sqlite_module",
    "unit_of_reading",
    "unit_of_work",
    "unit_of_work_now",
]
