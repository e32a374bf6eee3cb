"""Forms of children: shape and per-field sentences. Rules are in the operations."""

from fundapp.children.forms.consents import CloseForm, ConsentForm
from fundapp.children.forms.duplicates import DuplicateForm
from fundapp.children.forms.registration import ChildForm, FactsForm
from fundapp.children.forms.search import ChildFilterForm, FindForm, ReadsFilter

__all__ = [
    "ChildFilterForm",
    "ChildForm",
    "CloseForm",
    "ConsentForm",
    "DuplicateForm",
    "FactsForm",
    "FindForm",
    "ReadsFilter",
]
