"""Setting budgets and rules of transfers, and moving money between funds. Each is what two people
decided by a proposal.
"""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.budgets.drafts import BudgetDraft, TransferDraft
from fundapp.budgets.models import BudgetLine, FundTransfer, TransferRule
from fundapp.budgets.policy import may_set_budget, may_transfer
from fundapp.budgets.queries import get_budget
from fundapp.budgets.steps import check_budget, check_transfer, check_transfer_rule
from fundapp.db import db
from fundapp.documents.queries import get_document
from fundapp.ids import new_id, new_public_id
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.locking import lock_fund, lock_fund_row
from fundapp.ledger.models import EntryKind
from fundapp.ledger.operations import post_entry
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal
from fundapp.trail.operations import record_event

SOURCE_TYPE = "fund_transfer"
#: A message id, translated where the books are shown.
MEMO = N_("Money moved between funds")


def set_budget(draft: BudgetDraft, proposal: Proposal, *, actor: Actor) -> None:
    """Let the fund spend so much in the year; accounts that are left out may spend nothing.

    What was spent before stays. Raises ForbiddenError, and what `check_budget` raises.
    """
    require(may_set_budget(actor))
    check_budget(draft)
    lock_fund_row(draft.fund_code)
    before = get_budget(draft.fund_code, draft.fiscal_year)
    for code in sorted(before.keys() | draft.amounts.keys()):
        key = (draft.fund_code, draft.fiscal_year, code)
        line = db.session.get(BudgetLine, key) or BudgetLine(
            fund_code=draft.fund_code, fiscal_year=draft.fiscal_year, account_code=code
        )
        line.amount_satang = draft.amounts.get(code, 0)
        line.proposal_id = proposal.id
        db.session.add(line)
    changes: dict[str, tuple[object, object]] = {
        code: (format_baht(before.get(code, 0)), format_baht(draft.amounts.get(code, 0)))
        for code in sorted(before.keys() | draft.amounts.keys())
    }
    record_event(
        "budgets:budget:set",
        actor=actor,
        subject_type="budget",
        subject_ref=proposal.subject,
        changes=changes,
    )
    db.session.flush()


def set_transfer_rule(
    fund_code: str, proposal: Proposal, *, gives: bool, takes: bool, actor: Actor
) -> None:
    """Let the fund give money to other funds, or take some, or neither.

    Raises ForbiddenError, NotFoundError, RuleRestrictionError.
    """
    require(may_set_budget(actor))
    fund = lock_fund_row(fund_code)
    check_transfer_rule(fund, gives=gives, takes=takes)
    rule = db.session.get(TransferRule, fund_code)
    before = (False, False) if rule is None else (rule.gives, rule.takes)
    rule = rule or TransferRule(fund_code=fund_code)
    rule.gives, rule.takes, rule.proposal_id = gives, takes, proposal.id
    db.session.add(rule)
    record_event(
        "budgets:transfer-rule:set",
        actor=actor,
        subject_type="transfer_rule",
        subject_ref=fund_code,
        changes={"gives": (before[0], gives), "takes": (before[1], takes)},
    )
    db.session.flush()


def record_fund_transfer(
    draft: TransferDraft, proposal: Proposal, *, maker: str, actor: Actor
) -> FundTransfer:
    """Move money of one fund to another, today, in the account where it lies. ``maker`` is the
    public id of who proposed it; ``actor`` confirmed.

    Raises ForbiddenError, what `check_transfer` raises, and the ledger's refusals.
    """
    require(may_transfer(actor))
    for code in sorted({draft.from_fund, draft.to_fund}):
        lock_fund(code)
    check_transfer(draft)
    document = get_document(SOURCE_TYPE, draft.document)
    public_id = new_public_id()
    posted = post_entry(
        EntryDraft(
            kind=EntryKind.TRANSFER,
            entry_on=clock.today(),
            memo=MEMO,
            postings=[
                PostingDraft(
                    draft.from_fund, chart.BETWEEN_FUNDS, draft.account_code, draft.satang
                ),
                PostingDraft(draft.to_fund, draft.account_code, chart.BETWEEN_FUNDS, draft.satang),
            ],
            source_type=SOURCE_TYPE,
            source_ref=public_id,
            maker=maker,
            checker=actor.ref,
            idempotency_key=f"fund-transfer:{proposal.public_id}",
        ),
        actor=actor,
    )
    transfer = FundTransfer(
        id=new_id(),
        public_id=public_id,
        from_fund_code=draft.from_fund,
        to_fund_code=draft.to_fund,
        account_code=draft.account_code,
        amount_satang=draft.satang,
        reason=draft.reason,
        document_id=document.id,
        proposal_id=proposal.id,
        journal_entry_id=posted.id,
        recorded_at=clock.now(),
    )
    db.session.add(transfer)
    record_event(
        "budgets:transfer:record",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=proposal.subject,
        note=format_baht(draft.satang),
    )
    db.session.flush()
    return transfer
