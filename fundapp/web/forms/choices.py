"""Choices: of an enumeration, or of what the view offers."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar, cast

from flask_babel import gettext
from wtforms import (
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput

from fundapp.labels import LabelledEnum
from fundapp.web.lazy import lazy as _l

E = TypeVar("E", bound=LabelledEnum)


class _ChoiceMixin(Generic[E]):
    """A choice: of an enumeration, or of ``choices`` that the view sets."""

    data: Any
    choices: Any
    flags: Any

    def __init__(
        self,
        label: str,
        enum: type[E] | None = None,
        *,
        blank: str | None = None,
        required: str | None = None,
        **kwargs: Any,
    ) -> None:
        if enum is not None:
            kwargs["choices"] = choices(enum, blank=blank)
        super().__init__(label, **kwargs)  # type: ignore[call-arg]
        self.enum = enum
        self.blank = blank
        self.required = required
        if required is not None:
            self.flags.required = True

    @property
    def member(self) -> E | None:
        """The chosen member of the enumeration, or None."""
        enum = cast(type[E], self.enum)
        return next((member for member in enum if member.value == self.data), None)

    @property
    def value(self) -> E:
        """The chosen member of a required choice; only after validation."""
        member = self.member
        if member is None:
            raise ValueError("the form was not validated")
        return member

    def pre_validate(self, _form: Any) -> None:
        """Only what is offered can be chosen, and a required choice is made."""
        chosen = "" if self.data in (None, "None") else str(self.data)
        self.data = chosen
        if not chosen and self.required is None:
            return
        if chosen and chosen in {str(choice.value) for choice in self.choices or ()}:
            return
        raise StopValidation(self.refusal(chosen))

    def refusal(self, chosen: str) -> str:
        """The sentence for a choice that is missing or not offered."""
        if not chosen and self.required is not None:
            return self.required
        return str(gettext("Choose one of the possibilities shown."))


class ChoiceField(_ChoiceMixin[E], SelectField):
    """A list, of which one is chosen."""


class RadioChoiceField(_ChoiceMixin[E], RadioField):
    """Radio buttons, of which one is chosen."""

    shape: ClassVar[str] = "radios"

    def __iter__(self) -> Iterator[Field]:
        """The buttons, each marked as required when the choice is."""
        for button in super().__iter__():
            button.flags.required = self.required is not None
            yield button


class CheckboxesField(SelectMultipleField):
    """Check boxes, of which any number is ticked; ``data`` is a list of their values."""

    shape: ClassVar[str] = "checkboxes"
    option_widget = CheckboxInput()

    def pre_validate(self, _form: Any) -> None:
        """Only what is offered can be chosen."""
        offered = {str(choice.value) for choice in self.choices}
        if not offered.issuperset(self.data or ()):
            raise ValidationError(gettext("Choose one of the possibilities shown."))


def choices(
    options: type[LabelledEnum] | Mapping[Any, str] | Iterable[LabelledEnum],
    *,
    blank: str | None = None,
) -> list[SelectChoice]:
    """The options of a choice: members of an enumeration, or labels by value.

    ``blank`` is the text of an empty first option.
    """
    if isinstance(options, Mapping):
        pairs = [(str(value), label) for value, label in options.items()]
    else:
        pairs = [(str(member), _text_of(member.label)) for member in options]
    first = [SelectChoice("", blank)] if blank is not None else []
    return [*first, *(SelectChoice(value, label) for value, label in pairs)]


@cache  # translated when it is shown, so that one serves all requests
def _text_of(label: str) -> str:
    return _l(label)
