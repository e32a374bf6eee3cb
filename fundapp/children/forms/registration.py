"""The form that registers a child, and the one that corrects a file."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import gettext as _
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Optional, ValidationError

from fundapp.children.drafts import ChildDraft, ChildFacts, ConsentDraft, GuardianDraft
from fundapp.children.encryption import version_of
from fundapp.children.files import ChildFile, KnownGuardian
from fundapp.children.forms.base import ChildrenForm
from fundapp.children.forms.consents import SIGNATURE, ConsentFields
from fundapp.children.forms.fields import (
    choice_field,
    grouped_options,
    name_field,
    read_phone,
    text_field,
)
from fundapp.children.labels import ID_KINDS, RELATIONS, TARGET_GROUPS
from fundapp.children.models import ConsentKind, Relation, TargetGroup
from fundapp.places.models import District, Subdistrict
from fundapp.thai.identity_numbers import IdKind, check_id
from fundapp.web.fields import DayField, DayRequired, options
from fundapp.web.lazy import lazy as _l
from fundapp.web.locale import localized


class FactsForm(ChildrenForm):
    """What a file says of the child."""

    version = HiddenField()
    given_name = name_field(_l("Given name"), _l("Enter the child's given name."))
    family_name = name_field(_l("Family name"))
    birth_on = DayField(_l("Birth date"), [DayRequired(_l("Enter the birth date."))])
    id_kind = choice_field(_l("Kind of number"), ID_KINDS, blank=_l("Choose …"))
    id_number = StringField(_l("Number"))
    subdistrict = choice_field(_l("Subdistrict"), {})
    school_name = text_field(_l("School"), longest=150)
    target_group = choice_field(_l("Target group"), TARGET_GROUPS, blank=_l("Choose …"))

    def offer(self, districts: Sequence[District], subdistricts: Sequence[Subdistrict]) -> Self:
        """Offer these places, subdistricts under the names of their districts."""
        groups = {
            localized(district): [
                (place.code, localized(place))
                for place in subdistricts
                if place.district_code == district.code
            ]
            for district in districts
        }
        self.subdistrict.choices = grouped_options(groups, blank=_("Not known"))
        self.subdistrict.validators = [Optional()]
        return self

    def validate_id_number(self, field: StringField) -> None:
        """The number fits its kind, check digit included."""
        try:
            kind = IdKind(self.id_kind.data)
        except ValueError:
            return
        try:
            check_id(kind, field.data or "")
        except ValueError as error:
            raise ValidationError(_(str(error))) from error

    def facts(self) -> ChildFacts:
        """The facts, as the form states them; only after `validate`."""
        return ChildFacts(
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            birth_on=self.birth_on.day,
            id_kind=IdKind(self.id_kind.data),
            id_number=check_id(IdKind(self.id_kind.data), self.id_number.data or ""),
            subdistrict_code=self.subdistrict.data or None,
            school_name=self.school_name.data or "",
            target_group=TargetGroup(self.target_group.data),
        )

    def fill(self, file: ChildFile) -> Self:
        """Start from what the file says now."""
        child = file.child
        self.version.data = version_of(child)
        self.given_name.data, self.family_name.data = file.given_name, file.family_name
        self.birth_on.data = file.birth_on
        self.id_kind.data, self.id_number.data = child.id_kind, file.id_number
        self.subdistrict.data = child.subdistrict_code
        self.school_name.data = child.school_name
        self.target_group.data = child.target_group
        return self


class ChildForm(FactsForm, ConsentFields):
    """A child to register, with guardian and consent."""

    district = choice_field(_l("District"), {})
    guardian_name = name_field(_l("Guardian's name"))
    guardian_phone = StringField(_l("Telephone"))
    relation = choice_field(_l("The guardian is the child's"), RELATIONS, blank=_l("Choose …"))
    keep_file = BooleanField(_l("The signer agrees that the fund keeps a file on the child"))
    sensitive_facts = BooleanField(_l("… and that the file holds facts on health or religion"))
    photograph = BooleanField(_l("… and that photographs are taken"))
    another_child = BooleanField(_l("I have compared the two files: this is another child"))

    #: The guardian of a child who is registered already, when a sibling is registered.
    known_guardian: KnownGuardian | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The signature stands last on the page, so its errors stand last in their list.
        fields: dict[str, Any] = self._fields
        for name in SIGNATURE:
            fields[name] = fields.pop(name)

    def offer(self, districts: Sequence[District], subdistricts: Sequence[Subdistrict]) -> Self:
        """Offer these places; somebody with one district need not choose it."""
        super().offer(districts, subdistricts)
        names = {district.code: localized(district) for district in districts}
        blank = None if len(names) == 1 else _("Choose …")
        self.district.choices = options(names, blank=blank)
        return self

    def validate_guardian_name(self, field: StringField) -> None:
        """A new guardian has a name."""
        if self.known_guardian is None and not field.data:
            raise ValidationError(_("Enter the guardian's name."))

    def validate_guardian_phone(self, field: StringField) -> None:
        """A telephone number is one."""
        read_phone(field.data or "")

    def validate_keep_file(self, field: BooleanField) -> None:
        """Without this consent there is no file."""
        if not field.data:
            raise ValidationError(
                _("Without the consent to keep a file, the fund cannot register the child.")
            )

    def draft(self) -> ChildDraft:
        """The child, as the form states it; only after `validate`."""
        return ChildDraft(
            facts=self.facts(),
            district_code=str(self.district.data),
            guardian=self._guardian(),
            relation=Relation(self.relation.data),
            consents=self._consents(),
            another_child=bool(self.another_child.data),
        )

    def _guardian(self) -> GuardianDraft | str:
        if self.known_guardian is not None:
            return self.known_guardian.guardian.public_id
        phone = read_phone(self.guardian_phone.data or "")
        return GuardianDraft(name=self.guardian_name.data or "", phone=phone)

    def _consents(self) -> tuple[ConsentDraft, ...]:
        ticked: tuple[tuple[ConsentKind, Any], ...] = (
            (ConsentKind.KEEP_FILE, self.keep_file.data),
            (ConsentKind.SENSITIVE_FACTS, self.sensitive_facts.data),
            (ConsentKind.PHOTOGRAPH, self.photograph.data),
        )
        return tuple(self.consent(kind) for kind, is_ticked in ticked if is_ticked)
