"""What an error of the database means: run the work again, connect anew, or say that it is away.

Errors come from SQLAlchemy or, for statements that go to the driver directly, from the driver.
"""

import re

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

#: PostgreSQL: serialisation failure, deadlock, a prepared statement that the server has forgotten.
#: The same work may succeed when it runs again.
RETRYABLE_SQLSTATES = frozenset({"40001", "40P01", "26000"})
#: PostgreSQL: the server is shutting down, has crashed, or is still starting.
LOST_SQLSTATES = frozenset({"57P01", "57P02", "57P03"})
#: PostgreSQL: disk full or out of memory, too many connections, read-only, waited too long.
AWAY_SQLSTATES = re.compile(r"08...|53...|25006|55P03|57014|57P..|58...")
#: Two requests inserted the same key, reference, address, account or form at the same time: the
#: second, run again, finds the first one's row. Two processes made the same id: the second makes
#: another.
RETRYABLE_CONSTRAINT = re.compile(
    r"\b(pk_\w+|uq_grants_number|uq_import_profiles_name|uq_audit_dismissals_exception"
    r"|uq_\w+_(idempotency_key|external_ref|reference|email|user_id|public_id|slug|bag"
    r"|boxes_number))\b"
)

#: Primary result codes of SQLite (https://sqlite.org/rescode.html).
_BUSY, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 8, 10, 11, 13, 14, 26
_SPOILED = frozenset({_READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB})


def is_retryable(error: BaseException) -> bool:
    """Whether the same work may succeed when it runs again; takes the driver's own errors too."""
    cause = getattr(error, "orig", error)
    sqlstate = getattr(cause, "sqlstate", None)
    return sqlstate in RETRYABLE_SQLSTATES or (
        sqlstate == "23505" and RETRYABLE_CONSTRAINT.search(str(cause)) is not None
    )


def is_lost(error: BaseException) -> bool:
    """Whether the connection is of no more use: the server closed it, or its file is spoiled."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = getattr(error, "orig", error)
    return getattr(cause, "sqlstate", None) in LOST_SQLSTATES or is_spoiled(cause)


def is_spoiled(cause: BaseException) -> bool:
    """Whether an SQLite connection may keep failing after its disk and its rights are well again:
    read-only, I/O error, disk full, cannot open, not a database.
    """
    return _sqlite_code(cause) in _SPOILED


def is_disk_full(error: BaseException) -> bool:
    """Whether SQLite found no space."""
    return _sqlite_code(getattr(error, "orig", error)) == _FULL


def is_locked(error: BaseException) -> bool:
    """Whether another program kept SQLite from writing for too long."""
    return _sqlite_code(getattr(error, "orig", error)) == _BUSY


def is_away(error: BaseException) -> bool:
    """Whether the database cannot answer or store anything now, through no fault of the request."""
    cause = getattr(error, "orig", error)
    sqlstate = getattr(cause, "sqlstate", None)
    if sqlstate is not None:
        return AWAY_SQLSTATES.fullmatch(sqlstate) is not None
    code = _sqlite_code(cause)
    if code is not None:
        return code in _SPOILED or code == _BUSY
    return isinstance(error, OperationalError | InterfaceError)


def _sqlite_code(cause: BaseException) -> int | None:
    code = getattr(cause, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
