"""The fields by which papers are sent."""

from typing import Any

from flask import current_app
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage
from wtforms.validators import StopValidation
from wtforms.widgets import FileInput

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


class PapersField(PaperField):
    """Several photographs or PDFs, ``most`` at once. `take_in` cleans each of them."""

    widget = FileInput(multiple=True)

    def __init__(self, label: str, *, most: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.most = most
        self.sent: list[FileStorage] = []
        #: The clean documents after `take_in`.
        self.all_accepted: list[Accepted] = []

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take every file that was chosen."""
        self.sent = [each for each in valuelist if isinstance(each, FileStorage) and each]
        self.data = self.sent[0] if self.sent else None

    def pre_validate(self, form: Any) -> None:
        """No more files than are taken at once."""
        super().pre_validate(form)
        if len(self.sent) > self.most:
            raise StopValidation(
                ngettext("Choose %(num)s file at most.", "Choose %(num)s files at most.", self.most)
            )

    def take_in(self) -> None:
        """Clean the files that were sent. Raises what `accept` raises, for this field."""
        self.all_accepted = []
        for upload in self.sent:
            self.data = upload
            super().take_in()
            if self.accepted is not None:
                self.all_accepted.append(self.accepted)
