"""Fields that read what belongs to a person: names and telephone numbers."""

import re

from fundapp.markers import N_
from fundapp.thai.digits import to_arabic
from fundapp.web.forms import TextField

_PHONE = re.compile(r"0[0-9]{8,9}|\+[0-9]{8,15}")
_PHONE_SEPARATORS = re.compile(r"[\s().\-\u2010-\u2015]+")


class PersonNameField(TextField):
    """A person's name: letters, no digits."""

    def read(self, text: str) -> str:
        """The name."""
        name = super().read(text)
        if name and (any(map(str.isdigit, name)) or not any(map(str.isalpha, name))):
            raise ValueError(N_("Write the name in letters, as it is on the paper."))
        return name


class PhoneField(TextField):
    """A telephone number; ``data`` is its digits, with + for one abroad."""

    def read(self, text: str) -> str:
        """The number as it is stored."""
        number = _PHONE_SEPARATORS.sub("", to_arabic(super().read(text)))
        if number and not _PHONE.fullmatch(number):
            raise ValueError(
                N_("Enter a telephone number with 9 or 10 digits, for example 081 234 5678.")
            )
        return number
