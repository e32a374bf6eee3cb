"""Forms of children: shape and per-field sentences. Rules are in the operations."""

from fundapp.children.forms.consents import CloseForm, ConsentForm
from fundapp.children.forms.duplicates import ChildMergeForm, DuplicateForm, UndoMergeForm
from fundapp.children.forms.registration import AlikeForm, ChildForm, FactsForm
from fundapp.children.forms.search import ChildFilterForm, FindForm, ReadsFilter

__all__ = [
    "AlikeForm",
    "ChildFilterForm",
    "ChildForm",
    "ChildMergeForm",
    "CloseForm",
    "ConsentForm",
    "DuplicateForm",
    "FactsForm",
    "FindForm",
    "ReadsFilter",
    "UndoMergeForm",
]
