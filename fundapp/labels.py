"""Enumerations whose members carry the label that people read."""

from enum import StrEnum


class LabelledEnum(StrEnum):
    """Written ``ACTIVE = "active", N_("Active"), "info"``: value, label and, for states, the tone.

    ``label`` is a message id, translated where it is shown (the filter ``label`` of templates);
    ``tone`` is neutral, info, good, warn or bad.
    """

    label: str
    tone: str

    def __new__(cls, value: str, label: str = "", tone: str = "neutral") -> "LabelledEnum":
        """A member with its label and tone; its value alone is what is stored and compared.

        The default of ``label`` is for type checkers, which read ``Kind("value")`` as this call.
        """
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.tone = tone
        return member
