"""The officer's search for donors, and the form to connect one with a user account."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms import HiddenField, StringField, ValidationError

from fundapp.giving.models import Donor, DonorKind
from fundapp.giving.queries import find_donor
from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    EmailField,
    FilterForm,
    PhoneField,
    ReadField,
    choices,
    clean_line,
)
from fundapp.web.lazy import lazy as _l

_LONGEST_SEARCH, _LONGEST_TAG, _MOST_TAGS = 100, 40, 20


class TagsField(ReadField[list[str]]):
    """Tags with commas between."""

    def read(self, text: str) -> list[str]:
        """Each tag once; ValueError for too many or too long ones."""
        tags = [clean_line(tag) for tag in text.split(",")]
        found = list(dict.fromkeys(tag for tag in tags if tag))
        if len(found) > _MOST_TAGS or any(len(tag) > _LONGEST_TAG for tag in found):
            raise ValueError(N_("Write at most 20 tags of at most 40 characters."))
        return found

    def write(self, value: list[str]) -> str:
        """With commas between."""
        return ", ".join(value)


class DonorSearch(FilterForm):
    """Search in the list of donors."""

    q = StringField(_l("Name, e-mail, phone or payment reference"))
    tag = ChoiceField[LabelledEnum](_l("Tag"))

    def __init__(self, formdata: Any = None, *, tags: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.tag.choices = choices({tag: tag for tag in tags}, blank=_("All"))

    def text(self) -> str:
        """What to look for; characters that no name has are left out."""
        typed = (self.q.data or "")[:_LONGEST_SEARCH]
        return "".join(letter for letter in typed if letter.isprintable())


class FromDonorForm(BaseForm):
    """A form about what somebody gave: a donor on file, whom the address of the page may name, or
    somebody else.
    """

    donor = HiddenField()

    def __init__(self, **values: Any) -> None:
        super().__init__(donor=request.args.get("donor", ""), **values)
        self.known_donor: Donor | None = find_donor(self.donor.data or "")

    def validate_donor(self, field: HiddenField) -> None:
        """Nobody, or a known donor."""
        if field.data and self.known_donor is None:
            raise ValidationError(
                _("This donor is not known. Choose the donor from the list again.")
            )


class DescribeForm(BaseForm):
    """What a donor is, its phone, and the tags under which the office gathers it."""

    kind = ChoiceField[DonorKind](
        _l("Kind of donor"), required=_l("Choose one of the possibilities shown.")
    )
    phone = PhoneField(_l("Phone"))
    tags = TagsField(
        _l("Tags"), description=_l("Words by which you find a group again, with commas between.")
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.enum = DonorKind
        self.kind.choices = choices([kind for kind in DonorKind if kind is not DonorKind.UNKNOWN])


class MergeForm(BaseForm):
    """The donor into whose file another is merged."""

    into = HiddenField()


class ConnectForm(BaseForm):
    """The user account that a donor is connected with."""

    email = EmailField(_l("E-mail address"), required=_l("Enter the e-mail address."))
