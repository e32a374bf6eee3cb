"""Whether a request still says what its facts and the hashes of its payee say.

Values are decrypted here, but none leaves this module: it answers with numbers of requests, so no
read of a child is recorded.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from fundapp import clock
from fundapp.children.encryption import decrypt, decrypt_optional
from fundapp.children.models import Child
from fundapp.crypto import KeyringError
from fundapp.db import db
from fundapp.disbursements.eligibility import Outside, find_misfits
from fundapp.disbursements.encryption import payee_digest
from fundapp.disbursements.facts import current_facts
from fundapp.disbursements.models import (
    Decision,
    DisbursementRequest,
    FundRules,
    PayeeDigest,
    RuleAspect,
)
from fundapp.disbursements.queries.fund_rules import find_fund_rules
from fundapp.disbursements.reader import account_of, payee_name_of
from fundapp.disbursements.workflow import OPEN_STATES, OWED_STATES
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.queries import list_remarks

#: What a later correction of a file can change of what was so at an approval.
_OF_FILE = (Outside.AGE, Outside.GROUP)
#: Requests that are opened in one check, the newest of those in work.
MOST = 2_000


class _Unrecorded:
    """Decrypts for the comparison alone."""

    def decrypt(self, row: Any, column: str, *, about: Iterable[Child]) -> str:
        """See `Reader.decrypt`; nobody is shown the value."""
        return decrypt(row, column)

    def decrypt_optional(self, row: Any, column: str, *, about: Iterable[Child]) -> str:
        """See `Reader.decrypt_optional`."""
        return decrypt_optional(row, column)


def find_changed_requests(most: int = MOST) -> Iterator[str]:
    """The number of each request in work whose payee, account, reason or lines are not those of its
    facts. One whose values cannot be opened is left out: another check names it.
    """
    in_work = select(DisbursementRequest).where(DisbursementRequest.status.in_(OPEN_STATES))
    newest = in_work.order_by(DisbursementRequest.id.desc()).limit(most)
    for request in db.session.scalars(newest):
        try:
            if current_facts(request, _Unrecorded()) != request.facts_sha256:
                yield request.number
        except KeyringError:
            continue


def find_wrong_digests(most: int = MOST) -> Iterator[str]:
    """The number of each request in work whose payee or account are not those of its hashes."""
    in_work = select(DisbursementRequest).where(DisbursementRequest.status.in_(OPEN_STATES))
    newest = in_work.order_by(DisbursementRequest.id.desc()).limit(most)
    for request in db.session.scalars(newest):
        known = db.session.get(PayeeDigest, request.id)
        if known is None:
            continue
        try:
            digest = _digest_of(request)
        except KeyringError:
            continue
        right = (digest.payee_lookup, digest.account_lookup)
        if right != (known.payee_lookup, known.account_lookup):
            yield request.number


def find_outside_fund_rules(most: int = MOST) -> Iterator[tuple[str, str]]:
    """The number of each approved request, of the newest, that the rules of its fund did not allow
    when it was approved, and why. Ages are of that day, zakat groups what was on file then. Where a
    file was corrected later its age and groups are left out: what it said then is not known.
    """
    ruled = select(FundRules.fund_code)
    approved = select(DisbursementRequest).where(
        DisbursementRequest.status.in_(OWED_STATES), DisbursementRequest.fund_code.in_(ruled)
    )
    newest = approved.order_by(DisbursementRequest.id.desc()).limit(most)
    for request in db.session.scalars(newest):
        try:
            yield from ((request.number, problem) for problem in _outside(request))
        except KeyringError:
            continue


def _outside(request: DisbursementRequest) -> Iterator[str]:
    decided_at = max(
        each.decided_at for each in request.approvals if each.decision is Decision.APPROVE
    )
    day = clock.local_day(decided_at)
    rules = find_fund_rules(request.fund_code, day, until=decided_at)
    if rules is None:
        return
    if not rules.fits(RuleAspect.NEED, request.need):
        yield "is for a purpose that the rules of its fund did not allow"
    if not rules.fits(RuleAspect.DISTRICT, request.district_code):
        yield "is for a district that the rules of its fund did not allow"
    children = [line.child for line in request.lines]
    found = find_misfits(children, request.fund, rules, day, _Unrecorded(), until=decided_at)
    for misfit in found:
        if misfit.reason not in _OF_FILE or not _was_corrected(misfit.child, decided_at):
            yield f"helped child {misfit.child.code}, {misfit.reason.label}"


def _was_corrected(child: Child, since: datetime) -> bool:
    remarks = list_remarks("child", [child.public_id], RemarkKind.CHILD_FACTS)
    return any(remark.written_at >= since for remark in remarks)


def missing_digests(limit: int) -> list[PayeeDigest]:
    """The hashes of the payees of some requests that have none yet, the newest first."""
    noted = exists().where(PayeeDigest.request_id == DisbursementRequest.id)
    statement = select(DisbursementRequest).where(~noted)
    newest = statement.order_by(DisbursementRequest.id.desc()).limit(limit)
    return [_digest_of(request) for request in db.session.scalars(newest)]


def _digest_of(request: DisbursementRequest) -> PayeeDigest:
    reader = _Unrecorded()
    return payee_digest(request.id, payee_name_of(request, reader), account_of(request, reader))
