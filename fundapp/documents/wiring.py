"""What `create_app` calls for documents."""

from flask import Flask

from fundapp.documents.store import folder_at
from fundapp.private_files import narrow


def init_app(app: Flask) -> None:
    """Take the folder of documents from others, where an older version made it wider."""
    folder = folder_at(str(app.config["DOCUMENTS_URL"]))
    narrow([folder] if folder else [])
