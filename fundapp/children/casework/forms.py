"""Forms of casework: shape and per-field sentences. Rules are in the operations."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import gettext as _

from fundapp.children.casework.drafts import CaseDraft, DetailsDraft, FurtherGuardianDraft
from fundapp.children.casework.files import Casework
from fundapp.children.casework.labels import DETAILS, LISTED, NEEDED, WORDS
from fundapp.children.casework.models import CaseKind
from fundapp.children.forms.consents import BLANK, CHOOSE_ONE
from fundapp.children.forms.people import PersonNameField
from fundapp.children.models import GUARDIANS, LegalCapacity, Relation, TargetGroup
from fundapp.clock import today
from fundapp.documents.forms import PapersField
from fundapp.places.models import District
from fundapp.web.forms import (
    BaseForm,
    CheckboxesField,
    CheckboxField,
    ChoiceField,
    DayField,
    LongTextField,
    PhoneField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

#: Photographs of one visit.
MOST_PHOTOS = 3
_LONG = frozenset({"words", "home", "services", "household"})


class EntryForm(BaseForm):
    """An entry of one kind; the fields of its words are made below."""

    on_day = DayField(_l("Day"), required=_l("Enter the day."))
    due_on = DayField(_l("To look at again on"))
    is_sensitive = CheckboxField(_l("It tells of health or religion"))
    document = PapersField(_l("Photographs"), most=MOST_PHOTOS)

    def __init__(self, kind: CaseKind, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind
        if self.on_day.data is None and not self.on_day.raw_data:
            self.on_day.data = today()

    @property
    def words(self) -> list[Any]:
        """The fields of the words of this kind."""
        return [self._fields[f"{self.kind}_{name}"] for name in WORDS[self.kind]]

    @property
    def needed(self) -> str:
        """The name of the field without which the entry says nothing."""
        return f"{self.kind}_{NEEDED[self.kind]}"

    def draft(self) -> CaseDraft:
        """The entry, as the form states it; only after validation."""
        return CaseDraft(
            kind=self.kind,
            on_day=self.on_day.value,
            due_on=self.due_on.data,
            is_sensitive=self.is_sensitive.data or self.kind is CaseKind.ZAKAT,
            words={
                name: self._fields[f"{self.kind}_{name}"].data or "" for name in WORDS[self.kind]
            },
            key=self.form_id.data or "",
        )


for _kind, _words in WORDS.items():
    for _name, _label in _words.items():
        _field: Any
        if _name in LISTED:
            _field = ChoiceField(_l(_label), LISTED[_name], blank=BLANK)
        elif _name in _LONG:
            _field = LongTextField(_l(_label))
        else:
            _field = TextField(_l(_label), longest=200)
        setattr(EntryForm, f"{_kind}_{_name}", _field)


class SettleForm(BaseForm):
    """What came of an entry."""

    outcome = TextField(_l("What came of it"), longest=300)


class DetailsForm(BaseForm):
    """Class, address and household."""

    school_class = TextField(_l("Class"), longest=40)
    school_number = TextField(_l("Number in the school register"), longest=40)
    address = TextField(_l("House number and road"), longest=150)
    village = TextField(_l("Village"), longest=100)
    household = LongTextField(_l("Who lives in the household"))
    capacity = ChoiceField(
        _l("The guardian's right to decide"), LegalCapacity, blank=_l("Not known")
    )
    groups = CheckboxesField(_l("Further target groups"))
    planned_end_on = DayField(_l("Planned end of the support"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.groups.choices = choices(TargetGroup)

    def fill(self, casework: Casework) -> Self:
        """Start from what the file says now."""
        for name in DETAILS:
            value = casework.details.get(name, "")
            self._fields[name].data = value.split() if name == "groups" else value
        self.planned_end_on.data = casework.planned_end_on
        return self

    def draft(self) -> DetailsDraft:
        """The details, as the form states them; only after validation."""
        details = {name: self._fields[name].data or "" for name in DETAILS if name != "groups"}
        details["groups"] = " ".join(self.groups.data or ())
        return DetailsDraft(details=details, planned_end_on=self.planned_end_on.data)


class FurtherGuardianForm(BaseForm):
    """Another adult who belongs to the child."""

    name = PersonNameField(_l("Name"), longest=100, required=_l("Enter the name."))
    phone = PhoneField(_l("Telephone"))
    relation = ChoiceField(_l("Is the child's"), Relation, blank=BLANK, required=CHOOSE_ONE)
    capacity = ChoiceField(
        _l("Right to decide for the child"), LegalCapacity, blank=BLANK, required=CHOOSE_ONE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relation.choices = choices(GUARDIANS, blank=BLANK)

    def draft(self) -> FurtherGuardianDraft:
        """The adult, as the form states it; only after validation."""
        return FurtherGuardianDraft(
            name=self.name.data,
            phone=self.phone.data or "",
            relation=self.relation.value,
            capacity=self.capacity.value,
        )


class ChildMoveForm(BaseForm):
    """To which district a child goes, and what the next case manager should know."""

    district: ChoiceField[Any] = ChoiceField(_l("District"), required=CHOOSE_ONE)
    words = LongTextField(
        _l("What the next case manager should know"),
        required=_l("Write what the next case manager should know."),
    )

    def offer(self, districts: Sequence[District]) -> Self:
        """Offer these districts."""
        names = {district.code: localized(district) for district in districts}
        self.district.choices = choices(names, blank=_("Choose …"))
        return self
