"""Two vendors of the register, and help that was paid to one of them."""

from demo import names
from demo.funds import GENERAL
from demo.handlers.help_requests import verify_bank_details
from demo.state import DemoState
from fundapp import clock
from fundapp.children.models import ChildStatus
from fundapp.children.policy import may_receive_help
from fundapp.children.queries import list_children
from fundapp.disbursements.drafts import LineDraft, PayeeAccount, RequestDraft, VendorDraft
from fundapp.disbursements.models import Decision, Need, PayeeKind, PayoutMethod, VendorKind
from fundapp.disbursements.operations import (
    decide_request,
    propose_vendor,
    record_payout,
    submit_request,
)
from fundapp.disbursements.policy import accounts_to_pay_from
from fundapp.ledger.queries import fund_available
from fundapp.proposals.operations import confirm_proposal

_DISTRICT = "9506"
_SATANG = 650_00
#: Numbers of `names.citizen_number` that belong to nobody else of the demo.
_FIRST = 9_900_001
_VENDORS = (
    ("ร้านเครื่องแบบนักเรียนตัวอย่าง (สมมุติ)", VendorKind.SHOP, "004", "9990000011", ()),
    ("นายสมมุติ รถรับส่งนักเรียน (สมมุติ)", VendorKind.PERSON, "030", "999000001234", (_DISTRICT,)),
)


def pay_a_vendor(state: DemoState) -> None:
    """Register both, and pay the first for the uniform of a child."""
    officer, administrator = (state.people.users[key].as_actor() for key in ("officer", "admin"))
    subjects = []
    for number, (name, kind, bank, account, districts) in enumerate(_VENDORS):
        draft = VendorDraft(
            name=name,
            kind=kind,
            tax_id=names.citizen_number(_FIRST + number),
            address=f"{number + 1} ถนนตัวอย่าง อำเภอเมืองยะลา จังหวัดยะลา",
            phone=f"07300000{number:02d}",
            account=PayeeAccount(bank, account),
            account_name=name,
            districts=districts,
        )
        proposal = propose_vendor(draft, actor=officer)
        confirm_proposal(proposal.public_id, actor=administrator)
        subjects.append(proposal.subject)
    _pay(state, subjects[0])


def _pay(state: DemoState, vendor: str) -> None:
    manager = state.people.users["case-raman"].as_actor()
    page = list_children(viewer=manager, district_code=None, status=ChildStatus.ACTIVE)
    child = next((each for each in page.rows if may_receive_help(each, clock.today())), None)
    if child is None or fund_available(GENERAL) < _SATANG:
        return
    draft = RequestDraft(
        fund_code=GENERAL,
        need=Need.EDUCATION,
        reason="ชุดนักเรียนและรองเท้าสำหรับภาคเรียนใหม่ (ข้อมูลสาธิต)",
        payee_kind=PayeeKind.VENDOR,
        payee_name="",
        payout_method=PayoutMethod.TRANSFER,
        account=None,
        lines=[LineDraft(child.public_id, _SATANG)],
        vendor=vendor,
    )
    request = submit_request(draft, actor=manager)
    verify_bank_details(state, request, 0)
    decide_request(
        request.public_id,
        decision=Decision.APPROVE,
        version=request.version,
        reason="",
        actor=state.people.approver(0),
    )
    record_payout(
        request.public_id,
        version=request.version,
        paid_on=clock.today(),
        paid_from_account_code=accounts_to_pay_from(request.fund, request.payout_method)[0],
        actor=state.people.officer(1),
    )
