"""Showing a rule's refusal at the field of the form it belongs to."""

from typing import Any

from fundapp.errors import DomainError
from fundapp.web.locale import translated


def show_on_form(form: Any, error: DomainError) -> None:
    """Put the sentence at the error's field, or above the form when it names none of its fields."""
    sentence = translated(error)
    if error.field and error.field in form:
        field = form[error.field]
        field.errors = [*field.errors, sentence]
    else:
        form.form_errors.append(sentence)
