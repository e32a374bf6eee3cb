"""Declaring an interest in an item, voting on it, and counting the votes."""

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.committee.errors import (
    CountedError,
    NoQuorumError,
    RecusedError,
    VotedError,
    VotesMissingError,
)
from fundapp.committee.locking import lock_numbers
from fundapp.committee.models import (
    CHAIR,
    Ballot,
    CommitteeMeeting,
    CommitteeRecusal,
    CommitteeResolution,
    CommitteeVote,
    MeetingKind,
)
from fundapp.committee.steps import (
    begin,
    begin_item,
    get_item,
    next_number,
    record,
    require_unmoved,
    voters_of,
)
from fundapp.committee.tally import outcome_of, tally_of
from fundapp.committee.workflow import MeetingAction
from fundapp.db import db
from fundapp.disbursements.models import Interest
from fundapp.disbursements.steps import note_interest
from fundapp.thai.calendar import fiscal_year_be


def declare_interest(
    public_id: str, item_id: str, interest: Interest, *, actor: Actor
) -> CommitteeMeeting:
    """Declare an interest in an item: the member has no vote on it. Twice is once.

    Raises NotFoundError, ForbiddenError, MeetingStateError, NotAttendingError, VotedError,
    CountedError.
    """
    meeting, item, user_id = begin_item(public_id, item_id, MeetingAction.DECLARE, actor)
    if any(recusal.user_id == user_id for recusal in item.recusals):
        return meeting
    if any(vote.user_id == user_id for vote in item.votes):
        raise VotedError
    db.session.add(
        CommitteeRecusal(
            item_id=item.id,
            meeting_id=meeting.id,
            user_id=user_id,
            interest=interest,
            declared_at=clock.now(),
        )
    )
    db.session.flush()
    note_interest(item.request, user_id, interest)
    record("item:declare", meeting, actor, note=str(item.position))
    return meeting


def cast_vote(public_id: str, item_id: str, ballot: Ballot, *, actor: Actor) -> CommitteeMeeting:
    """The member's own vote on an item; the same vote twice is one.

    Raises NotFoundError, ForbiddenError, MeetingStateError, NotAttendingError, NoQuorumError,
    RecusedError, RequestMovedError, VotedError, CountedError.
    """
    meeting, item, user_id = begin_item(public_id, item_id, MeetingAction.VOTE, actor)
    for vote in item.votes:
        if vote.user_id == user_id:
            if vote.ballot is ballot:
                return meeting
            raise VotedError
    present, quorum = len(meeting.attendances), meeting.order.quorum
    if meeting.kind is MeetingKind.IN_ROOM and present < quorum:
        raise NoQuorumError(params={"present": present, "quorum": quorum})
    if user_id not in voters_of(item, meeting):
        raise RecusedError
    require_unmoved(item)
    db.session.add(
        CommitteeVote(
            item_id=item.id,
            meeting_id=meeting.id,
            user_id=user_id,
            ballot=ballot,
            cast_at=clock.now(),
        )
    )
    db.session.flush()
    record("item:vote", meeting, actor, note=str(item.position))
    return meeting


def count_votes(public_id: str, item_id: str, *, actor: Actor) -> CommitteeResolution:
    """Count the votes on an item and give the resolution its number.

    Raises NotFoundError, ForbiddenError, MeetingStateError, RequestMovedError, CountedError,
    VotesMissingError, NoQuorumError.
    """
    lock_numbers()
    meeting = begin(public_id, MeetingAction.COUNT, actor)
    item = get_item(meeting, item_id)
    if item.resolution is not None:
        raise CountedError
    require_unmoved(item)
    present, quorum = len(meeting.attendances), meeting.order.quorum
    if meeting.kind is MeetingKind.IN_ROOM and present < quorum:
        raise NoQuorumError(params={"present": present, "quorum": quorum})
    missing = len(voters_of(item, meeting) - {vote.user_id for vote in item.votes})
    if missing:
        raise VotesMissingError(params={"missing": missing})
    chairs = {sits.user_id for sits in meeting.attendances if sits.seat == CHAIR}
    chair = next((vote.ballot for vote in item.votes if vote.user_id in chairs), None)
    tally = tally_of((vote.ballot for vote in item.votes), chair)
    today = clock.today()
    year = fiscal_year_be(today)
    resolution = CommitteeResolution(
        item_id=item.id,
        fiscal_year=year,
        number=next_number(CommitteeResolution, year),
        outcome=outcome_of(meeting.kind, tally, quorum),
        for_count=tally.favour,
        against_count=tally.against,
        abstain_count=tally.abstained,
        decided_on=today,
        counted_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    db.session.add(resolution)
    db.session.flush()
    record("item:count", meeting, actor, note=resolution.label)
    return resolution
