"""Forms of children: shape and per-field sentences. Rules are in the operations."""

from fundapp.children.forms.consents import CloseForm, ConsentForm
from fundapp.children.forms.registration import ChildForm, FactsForm
from fundapp.children.forms.search import FilterForm, FindForm

__all__ = ["ChildForm", "CloseForm", "ConsentForm", "FactsForm", "FilterForm", "FindForm"]
