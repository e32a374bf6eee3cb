"""What is decided about money at the end of the history: budgets, a transfer between funds, and a
grant of an invented agency.
"""

from datetime import date, timedelta

from demo import funds
from demo.proof_images import proof_image
from demo.state import DemoState
from fundapp import clock
from fundapp.access.actors import VISITOR
from fundapp.advances.drafts import AdvanceDraft, ClearingDraft
from fundapp.advances.kinds import (
    ADVANCE,
    CLEARING,
    advance_subject,
    advance_values,
    clearing_values,
)
from fundapp.advances.models import AdvanceKind, AdvancePurpose
from fundapp.advances.queries import list_open_advances
from fundapp.budgets.drafts import TransferDraft
from fundapp.budgets.kinds import (
    BUDGET,
    FUND_TRANSFER,
    TRANSFER_RULE,
    budget_subject,
    rule_values,
    transfer_subject,
    transfer_values,
)
from fundapp.budgets.models import TransferReason
from fundapp.budgets.operations import SOURCE_TYPE
from fundapp.budgets.queries import Spending, find_spending
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from fundapp.giving.models import DonorKind
from fundapp.giving.operations import register_donor
from fundapp.grants import operations
from fundapp.grants.drafts import (
    ConditionDraft,
    GrantDraft,
    GrantLineDraft,
    InstalmentDraft,
    PartDraft,
    ReportDraft,
)
from fundapp.grants.kinds import GRANT_START, started_values
from fundapp.grants.models import LineRule
from fundapp.grants.queries import get_grant
from fundapp.ids import new_public_id
from fundapp.ledger.chart import (
    ASSISTANCE_EDUCATION,
    ASSISTANCE_FOOD,
    ASSISTANCE_HEALTH,
    CASH_ON_HAND,
)
from fundapp.ledger.queries import find_holdings, fund_available
from fundapp.proposals.models import Values
from fundapp.proposals.operations import confirm_proposal, make_proposal
from fundapp.thai.calendar import fiscal_year_be, fiscal_year_bounds

_GRANTOR = "สำนักงานเพื่อความเสมอภาคตัวอย่าง (สมมุติ)"
_STEP = 5_000_000
_MOVED = 1_000_000
_ADVANCE = 50_000


def decide_money(state: DemoState) -> None:
    """Budgets of all funds for this fiscal year and the one before, which funds give and take, a
    transfer, and a grant that runs with a condition and a report to come.
    """
    year = fiscal_year_be(clock.today())
    for fund in funds.FUNDS:
        for each in (year - 1, year):
            agree(state, BUDGET, budget_subject(fund.code, each), _budget(fund.code, each))
    agree(state, TRANSFER_RULE, funds.GENERAL, rule_values(gives=True, takes=True))
    agree(state, TRANSFER_RULE, funds.EDUCATION, rule_values(gives=False, takes=True))
    _transfer(state)
    _advances(state)
    _grant(state, year)


def agree(
    state: DemoState,
    kind: str,
    subject: str,
    after: Values,
    *,
    people: tuple[str, str] = ("officer", "admin"),
) -> None:
    """The first of these people proposes a change, the second confirms it."""
    first, second = (state.people.users[key].as_actor() for key in people)
    proposal = make_proposal(kind, subject, after, actor=first)
    confirm_proposal(proposal.public_id, actor=second)


def agree_as_administrators(state: DemoState, kind: str, subject: str, after: Values) -> None:
    """What administrators alone change, by the two of them."""
    agree(state, kind, subject, after, people=("admin", "admin2"))


def _budget(fund_code: str, year: int) -> dict[str, int]:
    """About a fifth more than what was spent in the year, in steps of 50,000 baht."""
    spent = find_spending(*fiscal_year_bounds(year), fund_code)
    amounts = {
        code: (each.charged_satang * 12 // 10 // _STEP + 1) * _STEP
        for (_fund, code), each in spent.items()
    }
    return amounts or {ASSISTANCE_EDUCATION: _STEP}


def _transfer(state: DemoState) -> None:
    officer = state.people.users["officer"].as_actor()
    stored = store_document(
        accept(proof_image("RESOLUTION 1"), ""),
        subject_type=SOURCE_TYPE,
        subject_ref=new_public_id(),
        actor=officer,
    )
    draft = TransferDraft(
        funds.GENERAL,
        funds.EDUCATION,
        funds.MAIN_ACCOUNT.account_code,
        _MOVED,
        TransferReason.RESOLUTION,
        stored.document.public_id,
    )
    subject = transfer_subject(draft.from_fund, draft.to_fund)
    agree(state, FUND_TRANSFER, subject, transfer_values(draft))


def _advances(state: DemoState) -> None:
    """Cash that somebody holds, and an advance that was paid back, if the cash box has enough."""
    manager = state.people.users["case-raman"].public_id
    held = find_holdings(funds.GENERAL).of_fund(funds.GENERAL, CASH_ON_HAND)
    if min(held, fund_available(funds.GENERAL)) < 2 * _ADVANCE:
        return
    for kind, purpose, days in (
        (AdvanceKind.ADVANCE, AdvancePurpose.TRAVEL, 7),
        (AdvanceKind.PETTY_CASH, AdvancePurpose.OFFICE, 30),
    ):
        draft = AdvanceDraft(
            fund_code=funds.GENERAL,
            holder=manager,
            account_code=CASH_ON_HAND,
            satang=_ADVANCE,
            kind=kind,
            purpose=purpose,
            due_on=clock.today() + timedelta(days=days),
        )
        subject = advance_subject(draft.fund_code, draft.holder)
        agree(state, ADVANCE, subject, advance_values(draft))
    first = list_open_advances()[0]
    back = ClearingDraft(first.public_id, 0, "")
    agree(state, CLEARING, first.public_id, clearing_values(back))


def _grant(state: DemoState, year: int) -> None:
    officer, today = state.people.users["officer"].as_actor(), clock.today()
    grantor = register_donor(_GRANTOR, kind=DonorKind.AGENCY, actor=VISITOR)
    first, last = fiscal_year_bounds(year)
    spent = find_spending(first, today, funds.EARLY)
    lines = [
        GrantLineDraft(code, year, _amount(spent_satang), LineRule.WARN)
        for code in (ASSISTANCE_EDUCATION, ASSISTANCE_HEALTH, ASSISTANCE_FOOD)
        for spent_satang in [_charged(spent, code)]
    ]
    total = sum(line.satang for line in lines)
    draft = GrantDraft(
        donor=grantor.public_id,
        fund_code=funds.EARLY,
        number=f"ตย. 7/{year}",
        title="สนับสนุนเด็กปฐมวัยในพื้นที่ (สมมุติ)",
        signed_on=min(first, today),
        starts_on=first,
        ends_on=last,
        total_satang=total,
    )
    grant = operations.draft_grant(draft, accept(proof_image("AGREEMENT 7"), ""), actor=officer)
    middle = first + timedelta(days=182)
    parts: list[PartDraft] = [
        *lines,
        InstalmentDraft(today + timedelta(days=10), total // 2),
        InstalmentDraft(_later(middle, today), total - total // 2, "หลังส่งรายงานฉบับแรก"),
        ConditionDraft(today + timedelta(days=14), "รายชื่อศูนย์พัฒนาเด็กเล็กที่ร่วมโครงการ"),
        ReportDraft(first, last, today + timedelta(days=21)),
    ]
    for part in parts:
        operations.add_part(grant.public_id, part, actor=officer)
    agree(state, GRANT_START, grant.public_id, started_values(get_grant(grant.public_id)))


def _charged(spent: dict[tuple[str, str], Spending], code: str) -> int:
    return spent.get((funds.EARLY, code), Spending()).charged_satang


def _amount(charged_satang: int) -> int:
    return (charged_satang * 15 // 10 // _STEP + 1) * _STEP


def _later(day: date, today: date) -> date:
    return max(day, today + timedelta(days=60))
