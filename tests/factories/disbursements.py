"""Requests for help for tests, sent in, decided, paid and confirmed by the operations of the
pages.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from PIL import Image

from fundapp import clock
from fundapp.children.models import Child
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import LineDraft, PayeeAccount, RequestDraft
from fundapp.disbursements.models import (
    AccountAnswer,
    CheckedBy,
    Decision,
    DisbursementRequest,
    Need,
    PayeeKind,
    Payout,
    PayoutMethod,
    ProofOfReceipt,
    ReceiptOutcome,
)
from fundapp.disbursements.policy import accounts_to_pay_from, needs_check
from fundapp.disbursements.reader import RequestFile
from fundapp.documents.intake import accept
from fundapp.identity.models import User
from fundapp.ledger.chart import USUAL_ACCOUNTS
from fundapp.ledger.models import Restriction
from tests.factories.books import make_fund, make_gift
from tests.factories.casework import make_zakat_group
from tests.factories.children import RAMAN, every_consent, make_child
from tests.factories.identity import make_user

THOUSAND = 1_000_00
#: What three children of a class get.
CLASS_SHARES = (320_00, 320_00, 500_00)
#: The guardian of the children of `make_child`.
PAYEE = "Aminah Invented"


@dataclass
class Team:
    """The people a request needs, the supervisor who files proofs of receipt, an auditor, a child
    of their district and a fund.
    """

    asker: User
    approver: User
    payer: User
    auditor: User
    child: Child
    fund: str
    restriction: Restriction
    prover: User
    verifier: User


def make_team(
    available_satang: int = 10 * THOUSAND,
    district: str = RAMAN,
    fund: str = "GENERAL",
    restriction: Restriction = Restriction.UNRESTRICTED,
) -> Team:
    """A team whose fund has that much available."""
    make_fund(fund, restriction)
    if available_satang:
        bank = USUAL_ACCOUNTS[restriction].bank[0]
        make_gift(available_satang, fund, on=clock.today(), bank=bank)
    asker = make_user("case_manager", (district,))
    child = make_child(asker, district_code=district, consents=every_consent())
    if restriction is Restriction.ZAKAT:
        make_zakat_group(child, asker)
    return Team(
        asker=asker,
        approver=make_user("approver"),
        payer=make_user("fund_officer"),
        auditor=make_user("auditor"),
        child=child,
        fund=fund,
        restriction=restriction,
        prover=make_user("supervisor", (district,)),
        verifier=make_user("fund_officer"),
    )


def request_draft(team: Team, satang: int = THOUSAND, **overrides: Any) -> RequestDraft:
    """A draft that the operation accepts; another payee than the guardian is somebody else."""
    if overrides.get("payee_name") not in (None, "", PAYEE) and "payee_kind" not in overrides:
        overrides |= {"payee_kind": PayeeKind.OTHER, "payee_reason": "The aunt looks after her"}
    values = {
        "fund_code": team.fund,
        "need": Need.EDUCATION,
        "reason": "Shoes and books for the new term",
        "payee_kind": PayeeKind.GUARDIAN,
        "payee_name": PAYEE,
        "payout_method": PayoutMethod.TRANSFER,
        "account": PayeeAccount("006", "1234567890"),
        "lines": [LineDraft(team.child.public_id, satang)],
        **overrides,
    }
    return RequestDraft(**values)


def send_request(team: Team, satang: int = THOUSAND, **overrides: Any) -> DisbursementRequest:
    """A request whose bank details are not verified, unless they were for an earlier one."""
    draft = request_draft(team, satang, **overrides)
    return unit_of_work(operations.submit_request, draft, actor=team.asker.as_actor())


def make_request(team: Team, satang: int = THOUSAND, **overrides: Any) -> DisbursementRequest:
    """A request that waits for a decision, with verified bank details."""
    return verify(send_request(team, satang, **overrides), team)


def verify(request: DisbursementRequest, team: Team, **overrides: Any) -> DisbursementRequest:
    """Verify the bank details, where there are any, as the team's verifier, unless they are."""
    if not overrides and not needs_check(db.session.get_one(DisbursementRequest, request.id)):
        return request
    values = {
        "version": request.version,
        "answer": AccountAnswer.MATCHES,
        "checked_by": CheckedBy.BOOK,
        "actor": team.verifier.as_actor(),
        **overrides,
    }
    unit_of_work(operations.verify_account, request.public_id, **values)
    return request


def decide(
    request: DisbursementRequest,
    team: Team,
    decision: Decision = Decision.APPROVE,
    **overrides: Any,
) -> DisbursementRequest:
    """Decide on the request as the team's approver; where two approve, a new one did so before."""
    if decision is Decision.APPROVE and not overrides:
        verify(request, team)
    if decision is Decision.APPROVE and request.payee_kind is PayeeKind.OTHER and not overrides:
        first = make_user("approver").as_actor()
        decide(request, team, actor=first)
    values = {
        "decision": decision,
        "version": request.version,
        "reason": "" if decision is Decision.APPROVE else "The account number is not readable",
        "actor": team.approver.as_actor(),
        **overrides,
    }
    return unit_of_work(operations.decide_request, request.public_id, **values)


def pay(request: DisbursementRequest, team: Team, **overrides: Any) -> Payout:
    """Record the request's payout as the team's payer."""
    values = {
        "version": request.version,
        "paid_on": clock.today(),
        "paid_from_account_code": accounts_to_pay_from(request.fund, request.payout_method)[0],
        "bank_reference": "REF-1",
        "actor": team.payer.as_actor(),
        **overrides,
    }
    return unit_of_work(operations.record_payout, request.public_id, **values)


@cache
def signed_paper() -> bytes:
    """A small picture of a signed paper."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "JPEG")
    return buffer.getvalue()


def print_link(request: DisbursementRequest, team: Team) -> str:
    """The token of the link on a voucher that the team's approver prints."""
    actor = team.approver.as_actor()
    _file, token = unit_of_work(operations.print_receipt_link, request.public_id, actor=actor)
    return token


def prove(
    request: DisbursementRequest,
    team: Team,
    outcome: ReceiptOutcome = ReceiptOutcome.RECEIVED,
    **overrides: Any,
) -> ProofOfReceipt:
    """File a proof of receipt as the team's supervisor; ``document`` are the bytes of the upload.
    The answer "received" has a small signed paper.
    """
    if "document" not in overrides and outcome is ReceiptOutcome.RECEIVED:
        overrides["document"] = signed_paper()
    if overrides.get("document") is not None:
        overrides["document"] = accept(overrides["document"])
    values = {
        "outcome": outcome,
        "version": request.version,
        "confirmed_on": clock.today(),
        "confirmed_by": "Aminah Invented",
        "note": ""
        if outcome is ReceiptOutcome.RECEIVED
        else "The account belongs to somebody else",
        "actor": team.prover.as_actor(),
        **overrides,
    }
    return unit_of_work(operations.file_proof_of_receipt, request.public_id, **values)


def read(request: DisbursementRequest, team: Team) -> RequestFile:
    """Everything that the request says, read by the team's approver."""
    actor = team.approver.as_actor()
    return unit_of_work(operations.read_request, request.public_id, actor=actor)


def make_approved(team: Team, satang: int = THOUSAND, **overrides: Any) -> DisbursementRequest:
    """A request that can be paid."""
    return decide(make_request(team, satang, **overrides), team)


def make_paid(team: Team, satang: int = THOUSAND, **overrides: Any) -> DisbursementRequest:
    """A request whose proof of receipt is awaited."""
    request = make_approved(team, satang, **overrides)
    pay(request, team)
    return request


def pay_class(
    team: Team, shares: Sequence[int] = CLASS_SHARES, **overrides: Any
) -> tuple[DisbursementRequest, list[Child]]:
    """A payment for several children of the team's district, and the children in their order."""
    children = [make_child(team.asker, consents=every_consent()) for _ in shares]
    lines = [
        LineDraft(child.public_id, satang) for child, satang in zip(children, shares, strict=True)
    ]
    return make_paid(team, sum(shares), lines=lines, **overrides), children


def help_children(
    team: Team, number: int, satang: int = THOUSAND, district: str = RAMAN, **facts: Any
) -> list[Child]:
    """Pay so many new children of a district the same amount each, in one request."""
    asker = replace(team, asker=make_user("case_manager", (district,)))
    children = [make_child(asker.asker, district_code=district) for _ in range(number)]
    lines = [LineDraft(child.public_id, satang) for child in children]
    make_paid(asker, satang * number, lines=lines, **facts)
    return children
