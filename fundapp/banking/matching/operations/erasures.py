"""Erasing what the bank wrote on a line."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.banking.errors import LineWaitsError
from fundapp.banking.matching.queries.erasures import ERASED, SUBJECT_TYPE, written_of
from fundapp.banking.matching.workflow import OPEN_STATUSES
from fundapp.banking.models import LINE_PREFIX, StatedLine, StatementLine
from fundapp.banking.statement_files.locking import lock_account
from fundapp.db import db, lock
from fundapp.ids import from_readable
from fundapp.markers import N_
from fundapp.remarks.erasers import BACKUPS, Erasure
from fundapp.remarks.errors import RemarkErasedError, UnknownRemarkError
from fundapp.remarks.models import ErasureReason
from fundapp.remarks.policy import may_erase
from fundapp.trail.operations import record_event

TEXTS = N_("What the bank wrote on the line, in every file that states it")
FACTS = N_(
    "The account, day, time, amount, balance and match of the line, and the digests of the text"
)


def plan_erasure(number: str, *, actor: Actor) -> Erasure:
    """What `erase_line_words` would erase of the line with this number, and what would stay.

    Nothing is decrypted. Raises as it does.
    """
    require(may_erase(actor))
    line = _checked(db.session.scalar(_line_with(number)))
    count = select(func.count()).where(StatedLine.line_id == line.id)
    files = db.session.scalars(count.select_from(StatedLine)).one()
    return Erasure(written_of(line), goes=((TEXTS, files),), stays=(FACTS, BACKUPS))


def erase_line_words(number: str, *, why: ErasureReason, actor: Actor) -> None:
    """Erase what the bank wrote on the line with this number (BL…), in every file that states it.

    Account, day, time, amount, balance, matches and digests stay, and a file that is imported later
    does not bring the words back. Nobody reads them for that. Raises ForbiddenError,
    UnknownRemarkError, RemarkErasedError, and LineWaitsError for a line that is still to be
    matched.
    """
    require(may_erase(actor))
    wanted = _line_with(number)
    account = db.session.scalar(wanted.with_only_columns(StatementLine.bank_account_code))
    if account is not None:
        # An import that runs would write the words of its file behind us.
        lock_account(account)
    line = _checked(lock(wanted))
    line.words_encrypted = line.detail_lookup = None
    line.erased_at, line.erased_by, line.erased_why = clock.now(), actor.ref, why
    record_event(
        ERASED,
        actor=actor,
        subject_type=SUBJECT_TYPE,
        subject_ref=line.public_id,
        note=str(why),
    )
    db.session.flush()
    # The database has taken the words of the files (sql/*/keep_statement_lines.sql).
    db.session.expire_all()


def _line_with(number: str) -> Select[StatementLine]:
    wanted = select(StatementLine).where(StatementLine.id == from_readable(number, LINE_PREFIX))
    return wanted.options(lazyload(StatementLine.statement))


def _checked(line: StatementLine | None) -> StatementLine:
    """The line, when there is one whose words may be erased now."""
    if line is None:
        raise UnknownRemarkError(field="number")
    if line.erased_at is not None:
        raise RemarkErasedError(field="number")
    if line.status in OPEN_STATUSES:
        raise LineWaitsError(field="number")
    return line
