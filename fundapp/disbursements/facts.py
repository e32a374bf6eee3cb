"""The facts of a request: what is decided on, in one hash.

Version 1 is SHA-256 of RFC 8785 JSON (strings only, keys sorted, no spaces) with the keys ``v``,
``number``, ``fund``, ``district``, ``need``, ``method``, ``payee``, ``reason`` and ``lines``
(``child`` code and ``satang``, sorted by code). For somebody else as the payee, ``payee`` holds the
reason too; for a vendor, the public id of the version of it in the register. ``identity`` is there
where the payee's address or number was told: it holds both. ``payee``, ``identity`` and ``reason``
are keyed hashes, so facts can be compared without the key, but not guessed. They are taken when a
request is sent in, and compared before approval and payment with what is stored then: a row that
was changed outside the program, the payee's account above all, is noticed before money moves.
"""

import hashlib
import json
from collections.abc import Iterable

from fundapp.children.reader import Decrypting
from fundapp.crypto import keyring
from fundapp.disbursements.drafts import PayeeAccount, RequestDraft
from fundapp.disbursements.models import DisbursementRequest, PayeeKind
from fundapp.disbursements.queries.vendors import version_paid
from fundapp.disbursements.reader import (
    account_of,
    payee_address_of,
    payee_id_number_of,
    payee_name_of,
    payee_reason_of,
    reason_of,
)

_TABLE = "disbursement_requests"


def facts_of_draft(
    request: DisbursementRequest, draft: RequestDraft, lines: Iterable[tuple[str, int]]
) -> bytes:
    """The facts of ``request`` as ``draft`` says them; ``lines`` are child code and satang."""
    identity = (draft.payee_address, draft.payee_id_number)
    payee = (draft.payee_name, draft.payee_reason, draft.vendor_version)
    return _hash(request, draft.reason, *payee, draft.account, identity, lines)


def current_facts(request: DisbursementRequest, reader: Decrypting) -> bytes:
    """The facts as they are stored now."""
    vendor = version_paid(request)
    return _hash(
        request,
        reason_of(request, reader),
        payee_name_of(request, reader),
        payee_reason_of(request, reader),
        vendor.public_id if vendor else "",
        account_of(request, reader),
        (payee_address_of(request, reader), payee_id_number_of(request, reader)),
        [(line.child.code, line.amount_satang) for line in request.lines],
    )


def _hash(
    request: DisbursementRequest,
    reason: str,
    payee_name: str,
    payee_reason: str,
    vendor_version: str,
    account: PayeeAccount | None,
    identity: tuple[str, str],
    lines: Iterable[tuple[str, int]],
) -> bytes:
    payee = [str(request.payee_kind), payee_name, account.to_text() if account else ""]
    if request.payee_kind is PayeeKind.OTHER:
        payee.append(payee_reason)
    if request.payee_kind is PayeeKind.VENDOR:
        payee.append(vendor_version)
    document = {
        "v": "1",
        "number": request.number,
        "fund": request.fund_code,
        "district": request.district_code,
        "need": str(request.need),
        "method": str(request.payout_method),
        "payee": keyring().lookup("\n".join(payee), f"{_TABLE}.payee").hex(),
        "reason": keyring().lookup(reason, f"{_TABLE}.reason").hex(),
        "lines": [{"child": code, "satang": str(satang)} for code, satang in sorted(lines)],
    }
    if any(identity):
        document["identity"] = keyring().lookup("\n".join(identity), f"{_TABLE}.identity").hex()
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).digest()
