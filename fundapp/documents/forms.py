"""The field by which papers are sent."""

from typing import Any

from flask import current_app

from fundapp.documents.intake import MAX_BYTES, Accepted, accept
from fundapp.errors import DomainError
from fundapp.web.forms import UploadField


class PaperField(UploadField):
    """A photograph or a PDF. `take_in` cleans it, before the unit of work that stores it: a slow
    scanner or a large file holds no lock.
    """

    #: The clean document after `take_in`, or None when no file was sent.
    accepted: Accepted | None = None

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, most_bytes=MAX_BYTES, **kwargs)

    def take_in(self) -> None:
        """Clean the file that was sent, if there is one. Raises what `accept` raises, for this
        field.
        """
        upload = self.content()
        try:
            if upload is not None:
                self.accepted = accept(upload, current_app.config["CLAMAV_ADDRESS"])
        except DomainError as error:
            error.field = self.short_name
            raise
