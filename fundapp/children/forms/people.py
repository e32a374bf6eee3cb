"""The fields that read the name and the birth date of a person."""

from fundapp.children.births import Birth, Precision, parse_birth
from fundapp.markers import N_
from fundapp.thai.calendar import be_year
from fundapp.web.forms import NameField, ReadField
from fundapp.web.locale import locale_code


class BirthField(ReadField[Birth]):
    """A birth date as far as it is known, in either era."""

    def read(self, text: str) -> Birth:
        """A day, a month or a year alone."""
        return parse_birth(text)

    def write(self, value: Birth) -> str:
        """``24/11/2559``, ``11/2559`` or ``2559`` in Thai, of the Common Era otherwise."""
        year = be_year(value.on.year) if locale_code() == "th" else value.on.year
        parts = {Precision.DAY: 0, Precision.MONTH: 1, Precision.YEAR: 2}[value.precision]
        return "/".join(map(str, (value.on.day, value.on.month, year)[parts:]))


class PersonNameField(NameField):
    """A person's name: letters, no digits."""

    def read(self, text: str) -> str:
        """The name."""
        name = super().read(text)
        if any(map(str.isdigit, name)):
            raise ValueError(N_("Write the name in letters, as it is on the paper."))
        return name
