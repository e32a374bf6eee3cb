"""The forms of agencies and referrals."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext
from wtforms import ValidationError
from wtforms.fields import SelectChoice

from fundapp.agencies.drafts import AgencyDraft, GivenDraft, ReferralDraft
from fundapp.agencies.models import (
    MOST_GIVEN,
    Agency,
    AgencyKind,
    GivenKind,
    ReferralStatus,
    SharedFact,
)
from fundapp.disbursements.models import Need
from fundapp.documents.forms import PaperField
from fundapp.identity.models import User
from fundapp.money import parse_baht
from fundapp.places.models import District
from fundapp.web.forms import (
    BaseForm,
    CheckboxesField,
    ChoiceField,
    DayField,
    EmailField,
    FilterForm,
    LongTextField,
    NameField,
    PhoneField,
    RadioChoiceField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_DAY = _l("Enter a day, for example 1/10/2569 or 1/10/2026.")
_CHOOSE = _l("Choose …")
_LIST = _l("Choose one from the list.")


class AgencyForm(BaseForm):
    """An agency with its agreement."""

    name = NameField(_l("Name of the agency"), required=_l("Write the name of the agency."))
    kind = ChoiceField(_l("Kind"), AgencyKind, blank=_CHOOSE, required=_LIST)
    districts = CheckboxesField(_l("Districts in which it works"))
    email = EmailField(
        _l("E-mail of the office"),
        required=_l("Write an address that the office reads: it is told of referrals."),
    )
    phone = PhoneField(_l("Telephone of the office"))
    starts_on = DayField(_l("Agreement from"), required=_DAY)
    ends_on = DayField(_l("Agreement until"), required=_DAY)
    paper = PaperField(_l("The signed agreement"))

    def offer(self, districts: Iterable[District]) -> None:
        """Set the districts to choose from."""
        self.districts.choices = choices(
            {district.code: localized(district) for district in districts}
        )

    def draft(self, document: str) -> AgencyDraft:
        """What was typed, with the public id of the paper."""
        return AgencyDraft(
            name=self.name.value,
            kind=self.kind.value,
            districts=self.districts.data or [],
            email=self.email.value,
            phone=self.phone.data or "",
            document=document,
            starts_on=self.starts_on.value,
            ends_on=self.ends_on.value,
        )


class NewAgencyForm(AgencyForm):
    """A new agency: its agreement comes with it."""

    paper = PaperField(
        _l("The signed agreement"), required=_l("Send the agreement as one picture or PDF.")
    )


class AccessForm(BaseForm):
    """Who signs in for an agency, and until when."""

    person: ChoiceField[Any] = ChoiceField(
        _l("Person"),
        required=_l("Choose a person."),
        description=_l("People who hold the role “Partner agency”."),
    )
    ends_on = DayField(_l("Last day"), required=_DAY)

    def offer(self, people: Iterable[User]) -> None:
        """Set who can be chosen."""
        named = {person.public_id: person.display_name for person in people}
        self.person.choices = choices(named, blank=str(_CHOOSE))


class ReferralForm(BaseForm):
    """A need of a child, told to an agency."""

    agency: ChoiceField[Any] = ChoiceField(_l("Agency"), required=_l("Choose an agency."))
    need = ChoiceField(_l("Need"), Need, blank=_CHOOSE, required=_LIST)
    facts = CheckboxesField(
        _l("What the agency sees of the child"),
        choices=[SelectChoice(fact.value, _l(fact.label)) for fact in SharedFact],
    )
    words = LongTextField(
        _l("What is needed"),
        longest=1000,
        required=_l("Write what is needed."),
        description=_l("The agency reads this. Write no more about the child than it needs."),
    )
    ends_on = DayField(_l("The agency sees it until"), required=_DAY)

    def offer(self, agencies: Sequence[Agency]) -> None:
        """Set the agencies that can be asked."""
        named = {agency.public_id: agency.name for agency in agencies}
        self.agency.choices = choices(named, blank=str(_CHOOSE))

    def draft(self) -> ReferralDraft:
        """What was typed; only after validation."""
        return ReferralDraft(
            agency=self.agency.data,
            need=self.need.value,
            facts=[SharedFact(fact) for fact in self.facts.data or []],
            words=self.words.value,
            ends_on=self.ends_on.value,
        )


class VersionForm(BaseForm):
    """A form of one button, on what its page showed."""


class DeclineForm(BaseForm):
    """Why an agency cannot help."""

    reason = LongTextField(
        _l("Why you cannot help"), longest=500, required=_l("Write the reason in a few words.")
    )


class GivenForm(BaseForm):
    """What an agency gave."""

    given_kind = RadioChoiceField(
        _l("What your agency gave"), GivenKind, required=_l("Choose what was given.")
    )
    count = TextField(
        _l("How much was given"),
        longest=20,
        required=_l("Write how much was given, for example 500 or 2."),
        description=_l("Of money the amount in baht; else pieces, visits or places."),
    )
    given_on = DayField(_l("Day of the help"), required=_DAY)
    words = LongTextField(_l("Words on it"), longest=500)

    def validate_count(self, field: TextField) -> None:
        """An amount, or a whole number."""
        try:
            self._read_count()
        except ValueError as error:
            message = "Write how much was given, for example 500 or 2."
            raise ValidationError(gettext(message)) from error

    def draft(self) -> GivenDraft:
        """What was typed; only after validation."""
        return GivenDraft(
            kind=self.given_kind.value,
            count=self._read_count(),
            on=self.given_on.value,
            words=self.words.data or "",
        )

    def _read_count(self) -> int:
        """Satang of money, else the number; ValueError."""
        satang = parse_baht(self.count.data or "")
        count = satang if self.given_kind.data == GivenKind.MONEY else satang // 100
        if satang > MOST_GIVEN or (self.given_kind.data != GivenKind.MONEY and satang % 100):
            raise ValueError
        return count


class ReferralFilter(FilterForm):
    """Referrals of one state."""

    status: ChoiceField[Any] = ChoiceField(
        _l("State"),
        choices=[
            SelectChoice("", _l("All")),
            *(SelectChoice(status.value, _l(status.label)) for status in ReferralStatus),
        ],
        default="",
    )

    @property
    def member(self) -> ReferralStatus | None:
        """The chosen state, or None."""
        return next((each for each in ReferralStatus if each.value == self.status.data), None)


class AgencyReferralFilter(ReferralFilter):
    """The same for people of an agency: what is open, or what they did."""

    status: ChoiceField[Any] = ChoiceField(
        _l("State"),
        choices=[
            SelectChoice("", _l("Not finished")),
            SelectChoice(ReferralStatus.DONE.value, _l(ReferralStatus.DONE.label)),
        ],
        default="",
    )
