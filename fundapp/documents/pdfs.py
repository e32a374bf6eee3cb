"""Cleaning PDFs in a process of their own, with a bound on its time, and the sentence of a refusal.

What cleaning does, and its bounds, are in `fundapp.documents.pdf_cleaning`.
"""

import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from fundapp.documents import errors
from fundapp.documents.pdf_cleaning import CODE_REFUSED, Reason
from fundapp.errors import BusyError

#: Seconds on the clock; the process has fewer of its own.
LONGEST = 20
#: Seconds that one waits for its turn.
LONGEST_WAIT = 20
#: Files that a process of the server has cleaned at once.
_turns = BoundedSemaphore(2)
_PROGRAM = Path(__file__).with_name("pdf_cleaning.py")

_ERRORS: dict[str, type[errors.DocumentRefusedError]] = {
    Reason.BROKEN: errors.BrokenPdfError,
    Reason.ENCRYPTED: errors.EncryptedPdfError,
    Reason.SCRIPT: errors.ScriptInPdfError,
    Reason.LAUNCH: errors.LaunchInPdfError,
    Reason.FILES: errors.FilesInPdfError,
    Reason.FORM: errors.FormInPdfError,
    Reason.MEDIA: errors.MediaInPdfError,
    Reason.LARGE: errors.LargePdfError,
    Reason.EMPTY: errors.EmptyPdfError,
}


def clean_pdf(upload: bytes) -> bytes:
    """The pages of the PDF as a new file without anything else; the same for the same bytes.

    Raises DocumentRefusedError, and BusyError when too many are cleaned at once.
    """
    if not _turns.acquire(timeout=LONGEST_WAIT):
        raise BusyError
    try:
        result = subprocess.run(  # noqa: S603 - our own program, no shell
            [sys.executable, "-I", str(_PROGRAM)],
            input=upload,
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise errors.LargePdfError from error
    finally:
        _turns.release()
    if result.returncode == 0 and result.stdout:
        return result.stdout
    if result.returncode == CODE_REFUSED:
        raise _ERRORS[result.stdout.decode()]
    # It ran out of its memory or time.
    raise errors.LargePdfError
