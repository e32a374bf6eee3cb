"""The facts of a request: what is decided on, in one hash.

Version 1 is SHA-256 of RFC 8785 JSON (strings only, keys sorted, no spaces) with the keys ``v``,
``number``, ``fund``, ``district``, ``need``, ``method``, ``payee``, ``reason`` and ``lines``
(``child`` code and ``satang``, sorted by code). ``payee`` and ``reason`` are keyed hashes, so the
facts can be compared by anybody and guessed by nobody. They are taken when a request is sent in and
again before approval and payment: a row changed behind the program's back, the payee's account
above all, is then noticed before money moves.
"""

import hashlib
import json
from collections.abc import Iterable

from fundapp.crypto import keyring
from fundapp.disbursements.encryption import account_of, payee_name_of, reason_of
from fundapp.disbursements.models import DisbursementRequest

_WHERE = "disbursement_requests"


def facts_hash(request: DisbursementRequest, lines: Iterable[tuple[str, int]]) -> bytes:
    """SHA-256 of the facts of ``request``; ``lines`` are child code and satang."""
    document = {
        "v": "1",
        "number": request.number,
        "fund": request.fund_code,
        "district": request.district_code,
        "need": str(request.need),
        "method": str(request.payout_method),
        "payee": _payee(request),
        "reason": keyring().lookup(reason_of(request), f"{_WHERE}.reason").hex(),
        "lines": [{"child": code, "satang": str(satang)} for code, satang in sorted(lines)],
    }
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).digest()


def current_facts(request: DisbursementRequest) -> bytes:
    """The facts as they are stored now."""
    return facts_hash(request, [(line.child.code, line.amount_satang) for line in request.lines])


def _payee(request: DisbursementRequest) -> str:
    account = account_of(request)
    parts = [str(request.payee_kind), payee_name_of(request), account.to_text() if account else ""]
    return keyring().lookup("\n".join(parts), f"{_WHERE}.payee").hex()
