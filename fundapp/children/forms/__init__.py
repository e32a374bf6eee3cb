"""Forms of children: shape and per-field sentences. Rules are in the operations."""

from fundapp.children.forms.consents import CloseForm, ConsentForm
from fundapp.children.forms.duplicates import DuplicateForm, MergeForm, UndoMergeForm
from fundapp.children.forms.registration import AlikeForm, ChildForm, FactsForm
from fundapp.children.forms.search import ChildFilterForm, FindForm, ReadsFilter

__all__ = [
    "AlikeForm",
    "ChildFilterForm",
    "ChildForm",
    "CloseForm",
    "ConsentForm",
    "DuplicateForm",
    "FactsForm",
    "FindForm",
    "MergeForm",
    "ReadsFilter",
    "UndoMergeForm",
]
