"""Checks of grants."""

from collections.abc import Iterator

from sqlalchemy import select

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.db import db
from fundapp.grants.models import ReceivedGrant
from fundapp.grants.policy import days_of
from fundapp.grants.queries import CHARGED, find_line_spending
from fundapp.markers import N_


def sums() -> Iterator[Violation]:
    """Budget lines and instalments of every grant that started come to its total; two people let
    it start.
    """
    yield from violations(
        """
        SELECT g.number, g.total_satang,
            (SELECT coalesce(sum(amount_satang), 0) FROM grant_lines l WHERE l.grant_id = g.id),
            (SELECT coalesce(sum(amount_satang), 0) FROM grant_instalments i
                WHERE i.grant_id = g.id)
        FROM grants g LEFT JOIN proposals p ON p.id = g.proposal_id
        WHERE g.status IN ('running', 'completed', 'ended') AND (
            p.id IS NULL OR p.status <> 'confirmed' OR p.kind <> 'grant-start'
            OR p.subject <> g.public_id
            OR g.total_satang <> (
                SELECT coalesce(sum(amount_satang), 0) FROM grant_lines l WHERE l.grant_id = g.id
            )
            OR g.total_satang <> (
                SELECT coalesce(sum(amount_satang), 0) FROM grant_instalments i
                WHERE i.grant_id = g.id
            )
        )
        """,
        "comes to {1} satang, its lines to {2} and its instalments to {3}, or nobody let it start",
    )
    yield from violations(
        """
        SELECT g.number, h.number FROM grants g JOIN grants h ON h.fund_code = g.fund_code
            AND h.id > g.id AND h.starts_on <= coalesce(g.ended_on, g.ends_on)
            AND coalesce(h.ended_on, h.ends_on) >= g.starts_on
        WHERE g.status IN ('running', 'completed', 'ended')
            AND h.status IN ('running', 'completed', 'ended')
        """,
        "runs on days of grant {1} of the same fund",
    )


def instalments() -> Iterator[Violation]:
    """Every instalment of a grant is a pledge of its grantor to its fund, of its amount."""
    yield from violations(
        """
        SELECT g.number, i.amount_satang FROM grants g
        JOIN grant_instalments i ON i.grant_id = g.id
        LEFT JOIN pledges p ON p.id = i.pledge_id
        WHERE (g.status IN ('running', 'completed', 'ended') AND p.id IS NULL)
            OR p.donor_id <> g.donor_id OR p.fund_code <> g.fund_code
            OR p.amount_satang <> i.amount_satang
        """,
        "has an instalment of {1} satang that is no pledge of its grantor to its fund",
    )


def overspent() -> Iterator[Violation]:
    """No budget line of a grant was charged with more than it has."""
    for grant in db.session.scalars(select(ReceivedGrant).where(ReceivedGrant.status.in_(CHARGED))):
        spent = find_line_spending(grant, grant.starts_on, grant.last_on)
        for line in grant.lines:
            charged = spent[line.id].charged_satang
            if charged > line.amount_satang:
                first, last = days_of(line, grant)
                problem = (
                    f"was charged with {charged} satang in account {line.account_code} from"
                    f" {first} to {last}, and has {line.amount_satang}"
                )
                yield Violation(grant.number, problem)


CHECKS = (
    Check(
        "grants.sums",
        N_(
            "Budget lines and instalments of every grant come to its total, and two people let it"
            " start."
        ),
        sums,
    ),
    Check(
        "grants.instalments",
        N_("Every instalment of a grant is a pledge of its grantor, of its amount."),
        instalments,
    ),
    Check(
        "grants.overspent",
        N_("No budget line of a grant was charged with more than it has."),
        overspent,
        is_warning=True,
    ),
)
