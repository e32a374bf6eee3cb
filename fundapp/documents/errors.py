"""Why an upload is refused, and a stored file not shown. Each sentence says what to do instead;
none repeats the content.
"""

from fundapp.errors import RuleError
from fundapp.markers import N_


class DamagedDocumentError(RuleError):
    """The stored bytes are not those that were accepted, or no key decrypts them; ``public_id`` is
    the document's.
    """

    message = N_("The stored file of this paper is damaged. Send the same paper again.")

    def __init__(self, public_id: str) -> None:
        super().__init__()
        self.public_id = public_id


class DocumentRefusedError(RuleError):
    """The file is of no kind that the fund stores."""

    message = N_("This file cannot be taken. Send a photograph (JPEG, PNG or WebP) or a PDF file.")


class EmptyFileError(DocumentRefusedError):
    """The file has no bytes."""

    message = N_("The file is empty. Choose it again.")


class TooLargeError(DocumentRefusedError):
    """More bytes than the fund stores."""

    message = N_("The file is larger than 10 MB. Send a smaller one.")


class TooManyPixelsError(DocumentRefusedError):
    """More pixels than the fund decodes."""

    message = N_("The picture has more than 25 million pixels. Send it in a smaller size.")


class BrokenPictureError(DocumentRefusedError):
    """The file begins as a picture, but cannot be decoded as one."""

    message = N_("The picture is damaged or incomplete. Take or save it again, then send it.")


class BrokenPdfError(DocumentRefusedError):
    """The file begins as a PDF, but does not end as one."""

    message = N_("The PDF file is damaged or incomplete. Save it again, then send it.")


class ActivePdfError(DocumentRefusedError):
    """The PDF could run something, carries files, or cannot be inspected."""

    message = N_(
        "The PDF file holds programs, attached files or a password. "
        "Print it to a plain PDF file, or send a photograph of it."
    )
