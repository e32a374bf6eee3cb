"""The rules of the committee."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class OrderDaysError(RuleError):
    """A term begins before it ends, and no two orders begin on one day."""

    message = N_("The last day of the term is before its first day. Correct one of the two.")


class OrderKnownError(RuleError):
    """An order is recorded once."""

    message = N_(
        "An order with this number, or one that begins on this day, is recorded already. Compare "
        "it with the paper."
    )


class SeatsError(RuleError):
    """An order names enough people, and each once."""

    message = N_(
        "Name at least %(fewest)s members, and nobody twice, neither as a member nor as a "
        "substitute."
    )


class MembersRoleError(RuleError):
    """Members and substitutes are approvers."""

    message = N_("Members and their substitutes are approvers. Choose people with this role.")


class QuorumError(RuleError):
    """A quorum is more than half of the members."""

    message = N_("The quorum is more than half of the members: %(least)s to %(most)s here.")


class NoOrderError(RuleError):
    """A meeting is held under an order in force."""

    message = N_(
        "No appointment order is in force on this day. Choose another day, or have an order "
        "recorded first."
    )


class MeetingStateError(RuleError):
    """A meeting is planned, opened and closed, in this order."""

    message = N_("This cannot be done in the state that the meeting has now. Open its page again.")


class MeetingDayError(RuleError):
    """A meeting is opened on its day."""

    message = N_("A meeting is opened on its day, not before.")


class NoAgendaError(RuleError):
    """A meeting decides on something."""

    message = N_("The agenda is empty. Choose requests first.")


class NotWaitingError(RuleError):
    """An agenda takes what waits."""

    message = N_(
        "A request that you chose does not wait any more, or is on another agenda. The list below "
        "is new."
    )


class ChooseRequestsError(RuleError):
    """Something is chosen."""

    message = N_("Choose at least one request.")


class SeatTakenError(RuleError):
    """A seat is taken by its member or the substitute."""

    message = N_("Choose the member, the substitute or nobody for each seat.")


class AttendanceFixedError(RuleError):
    """Who attended stays once somebody has voted."""

    message = N_(
        "Somebody has voted or declared an interest: who attends is only added to from now on."
    )


class NotAttendingError(RuleError):
    """Who votes sits on a seat."""

    message = N_("You are not recorded as attending this meeting. Ask the secretary to record it.")


class NoQuorumError(RuleError):
    """No vote without a quorum."""

    message = N_("%(present)s members attend and the quorum is %(quorum)s: no vote is held.")


class RecusedError(RuleError):
    """Who declared an interest does not vote."""

    message = N_(
        "You declared an interest in this item, or asked for this help yourself. You have no vote "
        "on it."
    )


class VotedError(RuleError):
    """Each member has one vote on an item."""

    message = N_("You have voted on this item. A vote stays as it was cast.")


class CountedError(RuleError):
    """Votes are counted once."""

    message = N_("The votes on this item are counted already.")


class RequestMovedError(RuleError):
    """The committee votes on what it was shown."""

    message = N_(
        "The request was changed or decided since it was put on the agenda. It needs a new item."
    )


class VotesMissingError(RuleError):
    """Votes are counted when all are there."""

    message = N_(
        "%(missing)s members have neither voted nor declared an interest. Count when all have."
    )


class RuleDayError(RuleError):
    """A rule begins on a day to come."""

    message = N_("The rule begins on a day to come: choose tomorrow or later.")


class RuleKnownError(RuleError):
    """No two rules begin on one day."""

    message = N_("Another rule begins on this day. Choose another day.")


class NeedsResolutionError(RuleError):
    """From some amount on a request is approved with a resolution only."""

    message = N_(
        "From %(amount)s baht on a request needs a resolution of the committee that approves what "
        "stands here. There is none yet."
    )


class CommitteeRefusedError(RuleError):
    """What the committee refused is not approved."""

    message = N_(
        "Resolution %(number)s of the committee does not approve this request. Reject it, or "
        "return it for changes."
    )
