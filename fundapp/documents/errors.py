"""Why an upload is refused, and a stored file not shown. Each sentence says what to do instead;
none repeats the content.
"""

from fundapp.errors import BusyError, RuleError
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


class PdfRefusedError(DocumentRefusedError):
    """The file is a PDF, but one that the fund does not take."""


class BrokenPdfError(PdfRefusedError):
    """The file begins as a PDF, but cannot be read as one to its end."""

    message = N_("The PDF file is damaged or incomplete. Save it again, then send it.")


class EmptyPdfError(PdfRefusedError):
    """The PDF has no page."""

    message = N_("The PDF file has no page. Scan the paper again, then send it.")


class EncryptedPdfError(PdfRefusedError):
    """The PDF is encrypted, with or without a password to open it."""

    message = N_(
        "The PDF file is locked with a password. Save it without one, "
        "or send a photograph of the paper."
    )


class ScriptInPdfError(PdfRefusedError):
    """The PDF holds JavaScript."""

    message = N_(
        "The PDF file holds a program (JavaScript). "
        "Print it to a plain PDF file, or send a photograph of the paper."
    )


class LaunchInPdfError(PdfRefusedError):
    """The PDF starts another program or opens a file."""

    message = N_(
        "The PDF file would start another program. "
        "Print it to a plain PDF file, or send a photograph of the paper."
    )


class FilesInPdfError(PdfRefusedError):
    """The PDF carries other files."""

    message = N_(
        "The PDF file has other files attached to it. Save it without them, "
        "or send a photograph of the paper."
    )


class FormInPdfError(PdfRefusedError):
    """The PDF is a form of XFA, whose pages are made by a program when it is opened."""

    message = N_(
        "The PDF file is a form that is filled in on the screen (XFA). "
        "Print it to a plain PDF file, or send a photograph of the paper."
    )


class MediaInPdfError(PdfRefusedError):
    """The PDF holds films, sounds or three-dimensional models."""

    message = N_(
        "The PDF file holds films or sounds. "
        "Print it to a plain PDF file, or send a photograph of the paper."
    )


class LargePdfError(PdfRefusedError):
    """The PDF has too many pages or objects, or unpacks to too much, or takes too long to read."""

    message = N_(
        "The PDF file is too large when it is unpacked, or has more than 300 pages. "
        "Send fewer pages, or a photograph of the paper."
    )


class InfectedFileError(DocumentRefusedError):
    """The virus scanner has found something."""

    message = N_(
        "The virus scanner found something in this file. "
        "Check your device, then send a photograph of the paper."
    )


class ScannerAwayError(BusyError):
    """The virus scanner does not answer, or answers with an error; the file was not stored."""

    message = N_(
        "The virus scanner does not answer, so the file was not taken. "
        "Nothing was saved; send it again in a few minutes."
    )
