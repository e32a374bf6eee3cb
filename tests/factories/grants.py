"""Grants for tests, entered and started by the operations of the pages."""

from datetime import date
from typing import Any

from fundapp import clock
from fundapp.db import unit_of_work
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from fundapp.giving.models import Donor, DonorKind
from fundapp.grants import operations
from fundapp.grants.drafts import (
    AmendmentDraft,
    ConditionDraft,
    GrantDraft,
    GrantLineDraft,
    InstalmentDraft,
    ReportDraft,
)
from fundapp.grants.kinds import (
    GRANT_AMENDMENT,
    GRANT_START,
    amendment_values,
    started_values,
)
from fundapp.grants.models import LineRule, ReceivedGrant
from fundapp.grants.queries import get_grant
from fundapp.grants.steps import SUBJECT_TYPE
from tests.documents.pictures import picture
from tests.factories.actors import OFFICER
from tests.factories.giving import make_donor
from tests.factories.identity import agree

THOUSAND = 100_000
#: The grant runs for fiscal year 2570 and the first month of 2571.
FIRST, LAST = date(2026, 11, 1), date(2027, 10, 31)


def make_grantor(name: str = "สำนักงานกองทุนตัวอย่าง") -> Donor:
    """A public agency among the donors."""
    return make_donor(name, kind=DonorKind.AGENCY)


def agreement(donor: Donor, **overrides: Any) -> GrantDraft:
    """What an agreement over 10,000 baht says."""
    values: dict[str, Any] = {
        "donor": donor.public_id,
        "fund_code": "GENERAL",
        "number": "กส. 12/2569",
        "title": "Back to school",
        "signed_on": date(2026, 10, 20),
        "starts_on": FIRST,
        "ends_on": LAST,
        "total_satang": 10 * THOUSAND,
        **overrides,
    }
    return GrantDraft(**values)


def make_draft(donor: Donor, *, rule: LineRule = LineRule.WARN, **overrides: Any) -> ReceivedGrant:
    """A draft with everything that it needs to start: 2,000 baht for education, which has
    ``rule``, 6,000 for travel, and 2,000 for education in the next year; two instalments.
    """
    draft = agreement(donor, **overrides)
    paper = accept(picture(), None)
    grant = unit_of_work(operations.draft_grant, draft, paper, actor=OFFICER)
    rest = draft.total_satang - 4 * THOUSAND
    for part in (
        GrantLineDraft("5120", 2570, 2 * THOUSAND, rule),
        GrantLineDraft("5130", 2570, rest, LineRule.WARN),
        GrantLineDraft("5120", 2571, 2 * THOUSAND, LineRule.REFUSE),
        InstalmentDraft(date(2026, 12, 1), 4 * THOUSAND),
        InstalmentDraft(date(2027, 4, 1), draft.total_satang - 4 * THOUSAND, "After the report"),
        ConditionDraft(date(2026, 12, 15), "A list of schools"),
        ReportDraft(draft.starts_on, date(2027, 3, 31), date(2027, 4, 15)),
    ):
        unit_of_work(operations.add_part, grant.public_id, part, actor=OFFICER)
    return get_grant(grant.public_id)


def start(grant: ReceivedGrant) -> ReceivedGrant:
    """The grant, which two people let start."""
    agree(GRANT_START, grant.public_id, started_values(get_grant(grant.public_id)))
    return get_grant(grant.public_id)


def make_grant(donor: Donor, **overrides: Any) -> ReceivedGrant:
    """A grant that runs."""
    return start(make_draft(donor, **overrides))


def send_first_report(grant: ReceivedGrant) -> None:
    """Its first report is sent today."""
    unit_of_work(
        operations.send_report,
        grant.reports[0].public_id,
        sent_on=clock.today(),
        paper=accept(picture(), None),
        actor=OFFICER,
    )


def amendment_draft(
    grant: ReceivedGrant, amounts: dict[tuple[str, int], int], **overrides: Any
) -> AmendmentDraft:
    """What an amendment says that was signed today: these lines have other amounts, in satang, or
    are new; its paper is stored.
    """
    grant = get_grant(grant.public_id)
    stored = unit_of_work(
        store_document,
        accept(picture(), None),
        subject_type=SUBJECT_TYPE,
        subject_ref=grant.public_id,
        actor=OFFICER,
    )
    now = {
        (line.account_code, line.fiscal_year): (line.amount_satang, line.rule)
        for line in grant.lines
    }
    then = now | {
        key: (satang, now.get(key, (0, LineRule.WARN))[1]) for key, satang in amounts.items()
    }
    values: dict[str, Any] = {
        "signed_on": clock.today(),
        "ends_on": grant.ends_on,
        "lines": [GrantLineDraft(*key, *line) for key, line in then.items()],
        "document": stored.document.public_id,
        **overrides,
    }
    return AmendmentDraft(**values)


def amend(grant: ReceivedGrant, amounts: dict[tuple[str, int], int], **overrides: Any) -> None:
    """Two people let the grant be amended."""
    draft = amendment_draft(grant, amounts, **overrides)
    agree(GRANT_AMENDMENT, grant.public_id, dict(amendment_values(draft)))
