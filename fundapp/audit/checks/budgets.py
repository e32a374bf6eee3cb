"""Checks of budgets and of transfers between funds."""

from collections.abc import Iterator

from sqlalchemy import select

from fundapp.audit.checks.base import Check, Violation, entry_violations, rows, violations
from fundapp.budgets.kinds import BUDGET, TRANSFER_RULE, budget_subject
from fundapp.budgets.models import BudgetLine, TransferRule
from fundapp.db import db
from fundapp.markers import N_
from fundapp.proposals.models import Proposal, ProposalStatus


def budgets_decided() -> Iterator[Violation]:
    """Every amount of a budget, and every rule of transfers, is what two people confirmed last."""
    lines = select(BudgetLine, Proposal).join(Proposal, Proposal.id == BudgetLine.proposal_id)
    for line, proposal in db.session.execute(lines.order_by(BudgetLine.fund_code)):
        subject = budget_subject(line.fund_code, line.fiscal_year)
        agreed = proposal.after.get(line.account_code, 0)
        if not _is_of(proposal, BUDGET, subject) or agreed != line.amount_satang:
            problem = f"{line.amount_satang} satang in account {line.account_code}, agreed {agreed}"
            yield Violation(subject, problem)
    rules = select(TransferRule, Proposal).join(Proposal, Proposal.id == TransferRule.proposal_id)
    for rule, proposal in db.session.execute(rules.order_by(TransferRule.fund_code)):
        says = {"gives": rule.gives, "takes": rule.takes}
        if not _is_of(proposal, TRANSFER_RULE, rule.fund_code) or proposal.after != says:
            yield Violation(rule.fund_code, "gives or takes money as nobody has confirmed")
    yield from (
        Violation(fund, "may give or take money, and its restriction does not allow it")
        for (fund,) in rows(
            """
            SELECT r.fund_code FROM transfer_rules r JOIN funds f ON f.code = r.fund_code
            WHERE (r.gives AND f.restriction <> 'unrestricted')
                OR (r.takes AND f.restriction = 'zakat')
            """
        )
    )


def _is_of(proposal: Proposal, kind: str, subject: str) -> bool:
    is_confirmed = proposal.status is ProposalStatus.CONFIRMED
    return is_confirmed and (proposal.kind, proposal.subject) == (kind, subject)


def transfers_booked() -> Iterator[Violation]:
    """Every entry between funds is a transfer that two people decided, of its amount, from and to
    its funds; of all funds together nothing came or went.
    """
    yield from entry_violations(
        """
        SELECT DISTINCT e.id FROM postings p JOIN journal_entries e ON e.id = p.entry_id
        LEFT JOIN fund_transfers t ON t.journal_entry_id = coalesce(e.reverses_entry_id, e.id)
        LEFT JOIN proposals a ON a.id = t.proposal_id
        WHERE '3120' IN (p.debit_account_code, p.credit_account_code) AND (
            t.id IS NULL OR e.total_satang <> 2 * t.amount_satang OR a.status <> 'confirmed'
            OR a.kind <> 'fund-transfer'
            OR a.subject <> t.from_fund_code || '>' || t.to_fund_code
            OR p.amount_satang <> t.amount_satang
            OR p.fund_code <> CASE
                WHEN (p.debit_account_code = '3120') = (e.reverses_entry_id IS NULL)
                    THEN t.from_fund_code ELSE t.to_fund_code END
            OR CASE WHEN p.debit_account_code = '3120' THEN p.credit_account_code
                ELSE p.debit_account_code END <> t.account_code
        )
        """,
        "is between funds, and is no transfer that two people decided",
    )
    yield from violations(
        """
        SELECT t.public_id FROM fund_transfers t
        JOIN funds giver ON giver.code = t.from_fund_code
        JOIN funds taker ON taker.code = t.to_fund_code
        LEFT JOIN postings p ON p.entry_id = t.journal_entry_id
            AND '3120' IN (p.debit_account_code, p.credit_account_code)
        GROUP BY t.public_id, giver.restriction, taker.restriction
        HAVING count(p.entry_id) <> 2 OR giver.restriction <> 'unrestricted'
            OR taker.restriction = 'zakat'
        """,
        "took money out of its purpose, or is not in the books",
    )


CHECKS = (
    Check(
        "budgets.decided",
        N_("Two people decided every budget of a fund, and which funds give and take money."),
        budgets_decided,
    ),
    Check(
        "budgets.transfers",
        N_("Money moved between funds as two people decided, and none left its purpose."),
        transfers_booked,
    ),
)
