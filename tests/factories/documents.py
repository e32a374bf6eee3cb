"""Documents that are committed at once."""

from fundapp.db import unit_of_work
from fundapp.documents.operations import store_document
from tests.documents.pictures import pdf
from tests.factories.actors import MANAGER


def make_paper():
    """A document that is committed; its storage key."""
    document = unit_of_work(
        store_document, pdf(), subject_type="proof", subject_ref="P1", actor=MANAGER
    )
    return document.storage_key
