"""What every form of children can do: show a rule's refusal beside its field."""

from typing import Any

from flask_wtf import FlaskForm

from fundapp.errors import DomainError
from fundapp.web.locale import translated


class ChildrenForm(FlaskForm):
    """A form that keeps what was typed when a rule refuses it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def is_sent_and_right(self) -> bool:
        """Whether the form was sent and every field can be read."""
        return bool(self.validate_on_submit())

    def refuse(self, error: DomainError) -> None:
        """Show the refusal beside its field, or above the form when it has none."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(translated(error))
        else:
            field.errors = [*field.errors, translated(error)]
