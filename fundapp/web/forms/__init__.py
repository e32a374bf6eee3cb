"""The forms of every page: one base form, one field of each kind, one way to carry a form out.

A field reads what was typed into a value once: ``data`` is that value, None where nothing was typed
or it could not be read. ``required`` is the sentence for an empty field; without it the field may
be left empty. After `BaseForm.validate_on_submit`, ``value`` of a required field is never None.
"""

from fundapp.web.forms.base import (
    Answer,
    BaseForm,
    ButtonForm,
    FilterForm,
    redirect_with,
    submit,
)
from fundapp.web.forms.choices import (
    CheckboxesField,
    ChoiceField,
    RadioChoiceField,
    choices,
)
from fundapp.web.forms.days import DaysFilter
from fundapp.web.forms.fields import (
    CheckboxField,
    DayField,
    EmailField,
    LongTextField,
    MoneyField,
    NameField,
    NumberField,
    PasswordField,
    PhoneField,
    ReadField,
    TextField,
    UploadField,
    clean_line,
)
from fundapp.web.forms.money_days import MoneyDayField

__all__ = [
    "Answer",
    "BaseForm",
    "ButtonForm",
    "CheckboxField",
    "CheckboxesField",
    "ChoiceField",
    "DayField",
    "DaysFilter",
    "EmailField",
    "FilterForm",
    "LongTextField",
    "MoneyDayField",
    "MoneyField",
    "NameField",
    "NumberField",
    "PasswordField",
    "PhoneField",
    "RadioChoiceField",
    "ReadField",
    "TextField",
    "UploadField",
    "choices",
    "clean_line",
    "redirect_with",
    "submit",
]
