"""The forms of the committee."""

from collections.abc import Iterable, Sequence
from typing import Any

from fundapp.committee.drafts import MeetingDraft, OrderDraft, SeatDraft
from fundapp.committee.models import MOST_SEATS, Ballot, MeetingKind
from fundapp.disbursements.models import DisbursementRequest, Interest
from fundapp.documents.forms import PaperField
from fundapp.identity.models import User
from fundapp.web.forms import (
    BaseForm,
    CheckboxesField,
    ChoiceField,
    DayField,
    MoneyField,
    NumberField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l

SEATS = range(1, MOST_SEATS + 1)


class OrderForm(BaseForm):
    """An appointment order as its paper has it."""

    number = TextField(
        _l("Number of the order"), longest=40, required=_l("Write the number, for example 12/2570.")
    )
    starts_on = DayField(_l("First day"), required=_l("Write the first day of the term."))
    ends_on = DayField(_l("Last day"), required=_l("Write the last day of the term."))
    quorum = NumberField(
        _l("Quorum"),
        most=MOST_SEATS,
        required=_l("Write how many members must attend."),
        description=_l("More than half of the members."),
    )
    paper = PaperField(_l("The signed order"), required=_l("Send the order as one picture or PDF."))

    def offer(self, people: Iterable[User]) -> None:
        """Set who can be chosen."""
        named = {person.public_id: person.display_name for person in people}
        for member, substitute in self.seats:
            member.choices = choices(named, blank=str(_l("Nobody")))
            substitute.choices = choices(named, blank=str(_l("Nobody")))

    @property
    def seats(self) -> list[tuple[Any, Any]]:
        """The fields of each seat: member and substitute."""
        return [(self[f"member_{seat}"], self[f"substitute_{seat}"]) for seat in SEATS]

    def draft(self, document: str) -> OrderDraft:
        """What was typed; seats without anybody are left out."""
        seats = [SeatDraft(member.data, other.data) for member, other in self.seats]
        return OrderDraft(
            number=self.number.value,
            starts_on=self.starts_on.value,
            ends_on=self.ends_on.value,
            quorum=self.quorum.value,
            seats=[seat for seat in seats if seat.member or seat.substitute],
            document=document,
        )


for _seat in SEATS:
    _label = _l("Member") if _seat > 1 else _l("Chair")
    setattr(OrderForm, f"member_{_seat}", ChoiceField(_label))
    setattr(OrderForm, f"substitute_{_seat}", ChoiceField(_l("Substitute")))


class CommitteeRuleForm(BaseForm):
    """From which amount on a request needs a resolution."""

    from_satang = MoneyField(_l("From which amount on (baht)"))
    starts_on = DayField(
        _l("First day"),
        required=_l("Write the first day."),
        description=_l("Tomorrow or later: what was approved before stays as it is."),
    )


class MeetingForm(BaseForm):
    """A meeting to be planned."""

    kind = RadioChoiceField(
        _l("How it is decided"), MeetingKind, required=_l("Choose how it is decided.")
    )
    held_on = DayField(_l("Day"), required=_l("Write the day."))
    place = TextField(
        _l("Place"),
        longest=120,
        required=_l("Write where, for example the room, or by post."),
        description=_l("Shown in the minutes."),
    )

    @property
    def draft(self) -> MeetingDraft:
        """What was typed."""
        return MeetingDraft(self.kind.value, self.held_on.value, self.place.value)


class AgendaForm(BaseForm):
    """Requests for the agenda."""

    requests = CheckboxesField(_l("Requests that wait"))

    def take(self) -> None:
        """Take whatever was sent: the operation says what does not wait any more."""
        self.requests.choices = choices({sent: sent for sent in self.requests.data or ()})

    def offer(self, requests: Sequence[DisbursementRequest]) -> None:
        """Set what is shown to choose from."""
        self.requests.choices = choices({each.public_id: each.number for each in requests})


class InterestForm(BaseForm):
    """Why a member does not vote on an item."""

    interest = RadioChoiceField(
        _l("Why you do not vote"), Interest, required=_l("Choose what your interest is.")
    )


class VoteForm(BaseForm):
    """A vote."""

    ballot = RadioChoiceField(_l("Your vote"), Ballot, required=_l("Choose your vote."))
