"""Fields that read what belongs to a person: names and telephone numbers."""

import re

from fundapp.markers import N_
from fundapp.thai.phone_numbers import normalise_phone
from fundapp.web.forms import NameField, TextField

_PHONE = re.compile(r"0[0-9]{8,9}|\+[0-9]{8,15}")


class PersonNameField(NameField):
    """A person's name: letters, no digits."""

    def read(self, text: str) -> str:
        """The name."""
        name = super().read(text)
        if any(map(str.isdigit, name)):
            raise ValueError(N_("Write the name in letters, as it is on the paper."))
        return name


class PhoneField(TextField):
    """A telephone number; ``data`` is its digits, with + for one abroad."""

    def read(self, text: str) -> str:
        """The number as it is stored."""
        number = normalise_phone(super().read(text))
        if number and not _PHONE.fullmatch(number):
            raise ValueError(
                N_("Enter a telephone number with 9 or 10 digits, for example 081 234 5678.")
            )
        return number
