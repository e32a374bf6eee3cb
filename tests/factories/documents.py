"""Documents that are committed at once."""

from fundapp.db import unit_of_work
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from fundapp.ids import new_public_id
from tests.documents.pictures import pdf
from tests.factories.actors import MANAGER


def make_paper():
    """A document of a subject of its own that is committed; its storage key."""
    stored = unit_of_work(
        store_document,
        accept(pdf()),
        subject_type="proof",
        subject_ref=new_public_id(),
        actor=MANAGER,
    )
    return stored.document.storage_key
