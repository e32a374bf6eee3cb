"""Responses that hand out a document: always a download under a generated name, in which nothing
may run.
"""

from flask import Response

from fundapp.documents.intake import EXTENSIONS
from fundapp.documents.models import Document


def document_response(document: Document, content: bytes) -> Response:
    """The document as a download; ``content`` are its bytes, as its package's reader gave them."""
    response = Response(content, mimetype=document.media_type)
    name = f"document-{document.public_id[:8]}.{EXTENSIONS[document.media_type]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
