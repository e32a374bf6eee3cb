"""Whether a request still says what its facts and the hashes of its payee say.

Values are decrypted here, but none leaves this module: it answers with numbers of requests, so no
read of a child is recorded.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import exists, select

from fundapp.children.encryption import decrypt, decrypt_optional
from fundapp.children.models import Child
from fundapp.crypto import KeyringError
from fundapp.db import db
from fundapp.disbursements.encryption import payee_digest
from fundapp.disbursements.facts import current_facts
from fundapp.disbursements.models import DisbursementRequest, PayeeDigest
from fundapp.disbursements.reader import account_of, payee_name_of
from fundapp.disbursements.workflow import OPEN_STATES

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


def missing_digests(limit: int) -> list[PayeeDigest]:
    """The hashes of the payees of some requests that have none yet, the newest first."""
    noted = exists().where(PayeeDigest.request_id == DisbursementRequest.id)
    statement = select(DisbursementRequest).where(~noted)
    newest = statement.order_by(DisbursementRequest.id.desc()).limit(limit)
    return [_digest_of(request) for request in db.session.scalars(newest)]


def _digest_of(request: DisbursementRequest) -> PayeeDigest:
    reader = _Unrecorded()
    return payee_digest(request.id, payee_name_of(request, reader), account_of(request, reader))
