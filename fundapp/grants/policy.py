"""Who may keep grants, and to which budget line help is charged (pure).

Help is charged to the grant of its fund that runs on the day of the approval, and there to the line
of its kind of expense in the fiscal year of that day. Grants of one fund do not run at the same
time, so there is one line at most. Help of a kind without a line is charged to none.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.grants.drafts import ReportDraft
from fundapp.grants.models import (
    GrantCondition,
    GrantInstalment,
    GrantLine,
    GrantReport,
    ReceivedGrant,
)
from fundapp.thai.calendar import fiscal_year_bounds

#: How far ahead conditions and reports are shown on the first page: in days.
SHOWN_DAYS_AHEAD = 30


def may_keep_grants(actor: Actor) -> bool:
    """Whether the actor may enter grants, and note what becomes of conditions and reports."""
    return actor.can(Permission.GRANT_KEEP)


def may_start_grant(actor: Actor) -> bool:
    """Whether the actor may let a grant start: two people together."""
    return actor.can(Permission.GRANT_START)


def may_amend_grant(actor: Actor) -> bool:
    """Whether the actor may change what a running grant says: two people together."""
    return actor.can(Permission.GRANT_AMEND)


def days_of(line: GrantLine, grant: ReceivedGrant) -> tuple[date, date]:
    """The days in which help is charged to the line: those of the grant in its fiscal year."""
    first, last = fiscal_year_bounds(line.fiscal_year)
    return max(first, grant.starts_on), min(last, grant.last_on)


def version_of(grant: ReceivedGrant) -> str:
    """A digest of everything that a draft says, for optimistic locking and for the two people who
    let it start. Its parts are added and removed, and never changed.
    """
    said = [grant.donor_id, grant.fund_code, grant.number, grant.title, grant.total_satang]
    days = [grant.signed_on, grant.starts_on, grant.ends_on]
    parts: list[GrantLine | GrantInstalment | GrantCondition | GrantReport] = [
        *grant.lines,
        *grant.instalments,
        *grant.conditions,
        *grant.reports,
    ]
    whole = [*said, *days, grant.document_id, *(part.id for part in parts)]
    return hashlib.sha256(json.dumps(whole, default=str).encode()).hexdigest()[:32]


def touches(fiscal_year: int, grant: ReceivedGrant, ends_on: date | None = None) -> bool:
    """Whether the fiscal year has days of the grant, or would have if it ended on that day."""
    first, last = fiscal_year_bounds(fiscal_year)
    return first <= (ends_on or grant.ends_on) and last >= grant.starts_on


def is_within(report: GrantReport | ReportDraft, grant: ReceivedGrant) -> bool:
    """Whether a report is about days of the grant only."""
    return grant.starts_on <= report.from_on and report.to_on <= grant.ends_on


def line_of(lines: Sequence[GrantLine], account_code: str, fiscal_year: int) -> GrantLine | None:
    """The line that such help is charged to, if there is one."""
    return next(
        (
            line
            for line in lines
            if (line.account_code, line.fiscal_year) == (account_code, fiscal_year)
        ),
        None,
    )
