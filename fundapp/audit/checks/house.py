"""Checks of what rules the house: two people or a command made it so, and the trail says it."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from fundapp.access.permissions import Process
from fundapp.audit.checks.base import Check, Violation, rows
from fundapp.db import db
from fundapp.identity.models import User
from fundapp.ledger.models import AccountUse, Fund
from fundapp.ledger.queries import get_tax_texts, is_gift_deductible
from fundapp.ledger.steps import LANGUAGES
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal, ProposalStatus
from fundapp.trail.models import AuditEvent

#: What the trail calls a change, and the kind of proposal that makes it.
_KIND_OF = {
    "ledger:fund:open": "fund-opening",
    "ledger:fund:change": "fund-settings",
    "ledger:fund:accounts": "fund-accounts",
    "ledger:fund:tax-wording": "tax-wording",
    "ledger:fund:let-go-limit": "let-go-limit",
    "ledger:fund:close": "fund-status",
    "ledger:fund:reopen": "fund-status",
    "ledger:period:close": "period-closing",
    "ledger:period:reopen": "period-reopening",
    "banking:account:open": "bank-account",
    "banking:account:change": "promptpay",
    "banking:account:release": "bank-account-release",
    "banking:profile:save": "statement-profile",
    "giving:refund:order": "refund",
    "budgets:budget:set": "budget",
    "budgets:transfer-rule:set": "fund-transfer-rule",
    "budgets:transfer:record": "fund-transfer",
    "grants:grant:start": "grant-start",
}
_OPENED = "ledger:fund:open"
#: Events of a fund whose values before and after are its settings.
_SETTINGS = [name for name in _KIND_OF if name.startswith("ledger:fund:")]


def changes_agreed() -> Iterator[Violation]:
    """Every change of a fund, a month, a bank account or a style, and every refund that was ordered
    here, is one confirmed proposal, by the
    person who confirmed it, or the command line's; and every such proposal was carried out once.
    """
    events = select(AuditEvent.action, AuditEvent.subject_ref, AuditEvent.actor).where(
        AuditEvent.action.in_(_KIND_OF), AuditEvent.actor != Process.COMMAND_LINE.value
    )
    done: Counter[tuple[str, ...]] = Counter(
        (_KIND_OF[action], subject, actor) for action, subject, actor in db.session.execute(events)
    )
    confirmed = (
        select(Proposal.kind, Proposal.subject, User.public_id)
        .join(User, User.id == Proposal.decided_by_id)
        .where(
            Proposal.status == ProposalStatus.CONFIRMED, Proposal.kind.in_(set(_KIND_OF.values()))
        )
    )
    agreed = Counter(tuple(row) for row in db.session.execute(confirmed))
    for key in sorted(done.keys() | agreed.keys()):
        if done[key] != agreed[key]:
            kind, subject, actor = key
            problem = "{} of it was done {} times by {}, who confirmed {} proposals"
            yield Violation(subject, problem.format(kind, done[key], actor, agreed[key]))


def settings_as_recorded() -> Iterator[Violation]:
    """Each setting of a fund is what the trail tells last."""
    told: dict[tuple[str, str], str] = {}
    events = (
        select(AuditEvent)
        .where(AuditEvent.subject_type == "fund", AuditEvent.action.in_(_SETTINGS))
        .order_by(AuditEvent.at, AuditEvent.id)
    )
    opened = set()
    for event in db.session.scalars(events):
        if event.action == _OPENED and event.changes:
            opened.add(event.subject_ref)
        for name, (_before, after) in event.changes.items():
            told[event.subject_ref, name] = after
    for fund in db.session.scalars(select(Fund).order_by(Fund.code)):
        for name, value in _settings_of(fund).items():
            # Of a fund that was opened before the trail kept its values, what was never changed is
            # not known; of others an empty value is not written.
            recorded = told.get((fund.code, name), "" if fund.code in opened else value)
            if recorded != value:
                problem = f"{name} is {value!r}; the trail says {recorded!r}"
                yield Violation(fund.code, problem)
    yield from (
        Violation(code, f"has tax wording {number}, which there is not")
        for code, number in rows(
            "SELECT f.code, f.tax_wording_number FROM funds f LEFT JOIN tax_wordings w"
            " ON w.fund_code = f.code AND w.number = f.tax_wording_number WHERE w.number IS NULL"
        )
    )


def _settings_of(fund: Fund) -> dict[str, str]:
    """The settings as the trail writes them."""
    columns = ("position", "accepts_gifts", "minimum_satang", "goal_satang")
    texts = [f"{part}_{language}" for part in ("name", "purpose") for language in LANGUAGES]
    values: dict[str, object] = {name: getattr(fund, name) for name in (*columns, *texts)}
    values |= {
        "cash": ", ".join(fund.account_codes(AccountUse.CASH)),
        "bank": ", ".join(fund.account_codes(AccountUse.BANK)),
        "income": fund.income_account_code,
        "let_go_limit": format_baht(fund.let_go_limit_satang),
    }
    values |= _tax_texts(fund)
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _tax_texts(fund: Fund) -> dict[str, object]:
    try:
        texts, is_deductible = get_tax_texts(fund), is_gift_deductible(fund)
    except NoResultFound:  # told by a sentence of its own
        return {}
    said = {f"text_{language}": text for language, text in zip(LANGUAGES, texts, strict=True)}
    return {**said, "is_deductible": is_deductible}


CHECKS = (
    Check(
        "proposals.applied",
        N_("Two people or a command made every change of funds, months and bank accounts."),
        changes_agreed,
    ),
    Check(
        "ledger.fund-settings",
        N_("Every setting of a fund is what the trail tells last."),
        settings_as_recorded,
    ),
)
