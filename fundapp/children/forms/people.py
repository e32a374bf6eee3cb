"""The field that reads the name of a person."""

from fundapp.markers import N_
from fundapp.web.forms import NameField


class PersonNameField(NameField):
    """A person's name: letters, no digits."""

    def read(self, text: str) -> str:
        """The name."""
        name = super().read(text)
        if any(map(str.isdigit, name)):
            raise ValueError(N_("Write the name in letters, as it is on the paper."))
        return name
