"""The form that registers a child, and the one that corrects a file."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import gettext as _
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from fundapp.children.drafts import ChildDraft, ChildFacts, ConsentDraft, GuardianDraft
from fundapp.children.encryption import version_of
from fundapp.children.files import ChildFile, KnownGuardian
from fundapp.children.forms.consents import BLANK, CHOOSE_ONE, ConsentFields
from fundapp.children.forms.people import BirthField, PersonNameField
from fundapp.children.models import GUARDIANS, ConsentKind, Relation, TargetGroup
from fundapp.places.models import District, Subdistrict
from fundapp.thai.folding import bare_number
from fundapp.thai.identity_numbers import IdKind, check_id
from fundapp.web.forms import (
    BaseForm,
    CheckboxField,
    ChoiceField,
    LongTextField,
    PhoneField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized

#: The fields of the signature come last on the page, so their errors come last in the summary.
_SIGNATURE = (
    "signer_name",
    "signer_relation",
    "capacity",
    "consent_note",
    "signed_on",
    "expires_on",
    "paper",
)


class FactsForm(BaseForm):
    """What a file says of the child."""

    given_name = PersonNameField(
        _l("Given name"), longest=100, required=_l("Enter the child's given name.")
    )
    family_name = PersonNameField(_l("Family name"), longest=100)
    birth_on = BirthField(_l("Birth date"), required=_l("Enter the birth date."))
    id_kind = ChoiceField(_l("Kind of number"), IdKind, blank=BLANK, required=CHOOSE_ONE)
    id_number = TextField(_l("Number"))
    subdistrict: ChoiceField[Any] = ChoiceField(_l("Subdistrict"))
    school_name = TextField(_l("School"), longest=150)
    target_group = ChoiceField(_l("Target group"), TargetGroup, blank=BLANK, required=CHOOSE_ONE)

    def offer(self, districts: Sequence[District], subdistricts: Sequence[Subdistrict]) -> Self:
        """Offer these places, subdistricts under the names of their districts."""
        groups = {district.code: localized(district) for district in districts}
        self.subdistrict.choices = [
            SelectChoice("", _("Not known")),
            *(
                SelectChoice(place.code, localized(place), optgroup=groups[place.district_code])
                for place in subdistricts
            ),
        ]
        return self

    def validate_id_number(self, field: TextField) -> None:
        """The number fits its kind, check digit included."""
        kind = self.id_kind.member
        if kind is None:
            return
        try:
            check_id(kind, field.data)
        except ValueError as error:
            raise ValidationError(_(str(error))) from error

    def facts(self) -> ChildFacts:
        """The facts, as the form states them; only after validation."""
        return ChildFacts(
            given_name=self.given_name.data,
            family_name=self.family_name.data,
            birth_on=self.birth_on.value.on,
            birth_precision=self.birth_on.value.precision,
            id_kind=self.id_kind.value,
            id_number=check_id(self.id_kind.value, self.id_number.data),
            subdistrict_code=self.subdistrict.data or None,
            school_name=self.school_name.data,
            target_group=self.target_group.value,
        )

    def fill(self, file: ChildFile) -> Self:
        """Start from what the file says now."""
        child = file.child
        self.version.data = version_of(child)
        self.given_name.data, self.family_name.data = file.given_name, file.family_name
        self.birth_on.data = file.birth
        self.id_kind.data, self.id_number.data = child.id_kind, file.id_number
        self.subdistrict.data = file.subdistrict.code if file.subdistrict else None
        self.school_name.data = file.school_name
        self.target_group.data = file.target_group if file.is_group_shown else None
        return self


class AlikeForm(BaseForm):
    """What of a form is enough to look for files of the same child."""

    given_name = PersonNameField("", longest=100, required=_l("Enter the child's given name."))
    family_name = PersonNameField("", longest=100)
    birth_on = BirthField("", required=_l("Enter the birth date."))
    id_number = TextField("")
    guardian_name = PersonNameField("", longest=100)
    school_name = TextField("", longest=150)

    def facts(self) -> ChildFacts:
        """As far as they are known; only after validation."""
        return ChildFacts(
            given_name=self.given_name.data,
            family_name=self.family_name.data or "",
            birth_on=self.birth_on.value.on,
            birth_precision=self.birth_on.value.precision,
            id_number=bare_number(self.id_number.data or ""),
            school_name=self.school_name.data or "",
            target_group=TargetGroup.AT_RISK,
        )


class ChildForm(FactsForm, ConsentFields):
    """A child to register, with guardian and consent."""

    district: ChoiceField[Any] = ChoiceField(_l("District"), required=CHOOSE_ONE)
    guardian_name = PersonNameField(_l("Guardian's name"), longest=100)
    guardian_phone = PhoneField(_l("Telephone"))
    relation = ChoiceField(
        _l("The guardian is the child's"), Relation, blank=BLANK, required=CHOOSE_ONE
    )
    keep_file = CheckboxField(_l("The signer agrees that the fund keeps a file on the child"))
    sensitive_facts = CheckboxField(_l("… and that the file holds facts on health or religion"))
    another_child = LongTextField(_l("I compared the two files; this is another child because"))

    #: The guardian of a child who is registered already, when a sibling is registered.
    known_guardian: KnownGuardian | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relation.choices = choices(GUARDIANS, blank=BLANK)
        fields: dict[str, Any] = self._fields
        for name in _SIGNATURE:
            fields[name] = fields.pop(name)

    def offer(self, districts: Sequence[District], subdistricts: Sequence[Subdistrict]) -> Self:
        """Offer these places; somebody with one district need not choose it."""
        super().offer(districts, subdistricts)
        names = {district.code: localized(district) for district in districts}
        self.district.choices = choices(names, blank=None if len(names) == 1 else BLANK)
        return self

    def validate_guardian_name(self, field: PersonNameField) -> None:
        """A new guardian has a name."""
        if self.known_guardian is None and not field.data:
            raise ValidationError(_("Enter the guardian's name."))

    def validate_keep_file(self, field: CheckboxField) -> None:
        """Without this consent there is no file."""
        if not field.data:
            raise ValidationError(
                _("Without the consent to keep a file, the fund cannot register the child.")
            )

    def draft(self) -> ChildDraft:
        """The child, as the form states it; only after validation."""
        return ChildDraft(
            facts=self.facts(),
            district_code=self.district.data,
            guardian=self._guardian(),
            relation=self.relation.value,
            consents=self._consents(),
            another_child=self.another_child.data,
        )

    def _guardian(self) -> GuardianDraft | str:
        if self.known_guardian is not None:
            return self.known_guardian.guardian.public_id
        return GuardianDraft(name=self.guardian_name.data, phone=self.guardian_phone.data)

    def _consents(self) -> tuple[ConsentDraft, ...]:
        boxes = {
            ConsentKind.KEEP_FILE: self.keep_file,
            ConsentKind.SENSITIVE_FACTS: self.sensitive_facts,
        }
        return tuple(self.consent(kind) for kind, box in boxes.items() if box.data)
