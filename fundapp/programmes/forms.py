"""The form of a phase."""

from collections.abc import Sequence
from typing import Any

from wtforms.fields import SelectChoice

from fundapp.children.models import TargetGroup
from fundapp.places.models import District
from fundapp.programmes.drafts import PhaseDraft, TargetDraft
from fundapp.programmes.models import MOST_CHILDREN, PhaseVersion
from fundapp.web.forms import (
    BaseForm,
    CheckboxesField,
    ChoiceField,
    DayField,
    LongTextField,
    MoneyField,
    NameField,
    NumberField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

_DAY = _l("Enter a day, for example 1/10/2569 or 1/10/2026.")
#: How many targets the form has room for.
POSITIONS = (1, 2, 3, 4, 5, 6)


class PhaseForm(BaseForm):
    """What a phase says; its targets are in fields that `_target_fields` adds."""

    name_th = NameField(_l("Name in Thai"), required=_l("Write the name in Thai."))
    name_en = NameField(_l("Name in English"))
    name_ms = NameField(_l("Name in Malay"))
    starts_on = DayField(_l("First day"), required=_DAY)
    ends_on = DayField(
        _l("Last day"), required=_DAY, description=_l("Phases may overlap: a day can be in two.")
    )
    districts = CheckboxesField(_l("Districts"))
    budget = MoneyField(_l("Budget"), allow_zero=True)
    note = LongTextField(
        _l("Note"),
        longest=1000,
        description=_l("For example what was published of it. No names of people."),
    )

    def offer(self, districts: Sequence[District]) -> None:
        """Set the districts to choose from."""
        names = {district.code: localized(district) for district in districts}
        self.districts.choices = choices(names)
        for position in POSITIONS:
            self[f"district_{position}"].choices = choices(names, blank=str(_l("All of the phase")))

    @property
    def draft(self) -> PhaseDraft:
        """What was typed; a target that is left empty is left out."""
        targets = []
        for position in POSITIONS:
            children = self[f"children_{position}"].data or 0
            groups = self[f"groups_{position}"].data or []
            if children or groups:
                place = self[f"district_{position}"].data or ""
                targets.append(TargetDraft(children, [TargetGroup(each) for each in groups], place))
        return PhaseDraft(
            (self.name_th.value, self.name_en.data or "", self.name_ms.data or ""),
            self.starts_on.value,
            self.ends_on.value,
            self.districts.data or [],
            targets,
            self.budget.data or 0,
            self.note.data or "",
        )


def given(version: PhaseVersion) -> dict[str, Any]:
    """A version as the fields of the form."""
    data: dict[str, Any] = {
        "name_th": version.name_th,
        "name_en": version.name_en,
        "name_ms": version.name_ms,
        "starts_on": version.starts_on,
        "ends_on": version.ends_on,
        "districts": [place.district_code for place in version.places],
        "budget": version.budget_satang,
        "note": version.note,
        "version": str(version.number),
    }
    for position, target in enumerate(version.targets, start=1):
        data[f"children_{position}"] = target.children
        data[f"groups_{position}"] = [group.value for group in target.groups]
        data[f"district_{position}"] = target.district_code or ""
    return data


def _add_target_fields() -> None:
    """Give the form the fields of each target: how many, of which groups, where."""
    for position in POSITIONS:
        number = NumberField(_l("Children to help"), most=MOST_CHILDREN)
        groups = CheckboxesField(
            _l("Groups"),
            choices=[SelectChoice(group.value, _l(group.label)) for group in TargetGroup],
        )
        place: ChoiceField[Any] = ChoiceField(_l("District"), default="")
        setattr(PhaseForm, f"children_{position}", number)
        setattr(PhaseForm, f"groups_{position}", groups)
        setattr(PhaseForm, f"district_{position}", place)


_add_target_fields()
