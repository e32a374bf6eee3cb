"""What the votes on an item come to. Pure. ``sql/*/keep_committee.sql`` holds the same rule.

In a meeting the majority of the votes in favour and against decides; who abstains counts for the
quorum alone. A tie is decided by the vote of whoever sits on the chair's seat. The item is
postponed with fewer votes than the quorum (who declared an interest does not count for it), with
fewer than two in favour or against, and at a tie without the chair's vote. Between meetings nobody
can speak before the vote, so a request is approved only when every answer is in favour, and at
least as many as the quorum; else it is postponed to a meeting. docs/committee.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fundapp.committee.models import Ballot, MeetingKind, Outcome

#: So many votes in favour or against decide an item.
FEWEST_VOTES = 2


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes on an item; ``chair`` is that of the chair's seat, None without one."""

    favour: int
    against: int
    abstained: int
    chair: Ballot | None


def tally_of(ballots: Iterable[Ballot], chair: Ballot | None) -> Tally:
    """Count the ballots, of which the chair's is one."""
    cast = list(ballots)
    return Tally(
        cast.count(Ballot.FOR), cast.count(Ballot.AGAINST), cast.count(Ballot.ABSTAIN), chair
    )


def outcome_of(kind: MeetingKind, tally: Tally, quorum: int) -> Outcome:
    """What is resolved."""
    favour, against = tally.favour, tally.against
    if kind is MeetingKind.CIRCULAR:
        agreed = favour >= quorum and not against and not tally.abstained
        return Outcome.APPROVE if agreed else Outcome.POSTPONE
    if favour + against < FEWEST_VOTES or favour + against + tally.abstained < quorum:
        return Outcome.POSTPONE
    if favour != against:
        return Outcome.APPROVE if favour > against else Outcome.REJECT
    if tally.chair is Ballot.FOR:
        return Outcome.APPROVE
    return Outcome.REJECT if tally.chair is Ballot.AGAINST else Outcome.POSTPONE
