"""Handing documents out: always as a download, under a generated name, with nothing allowed to
run.
"""

from flask import Response

from fundapp.documents import store
from fundapp.documents.encryption import decrypt
from fundapp.documents.intake import EXTENSIONS
from fundapp.documents.models import Document


def document_response(document: Document) -> Response:
    """The document as a download; NotFoundError when its bytes are gone.

    Raises DamagedDocumentError when somebody changed the bytes behind the program's back. The
    caller has decided that the reader may have it, and has logged the read.
    """
    content = decrypt(document, store.get(document.storage_key))
    response = Response(content, mimetype=document.media_type)
    name = f"document-{document.public_id[:8]}.{EXTENSIONS[document.media_type]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
