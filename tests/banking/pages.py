"""What tests of the pages of banking share."""

import io

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from fundapp.banking.models import StatementLine
from fundapp.db import db


def upload(client, data, **fields):
    """The answer to a statement file that is sent."""
    values = {"account": "KTB-MAIN", "profile": "ktb", **fields}
    values["file"] = FileStorage(io.BytesIO(data), values.pop("name", "november.csv"))
    # Encoded here: the client would leave a large body in a temporary file that nobody closes.
    boundary, body = encode_multipart(values)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post("/bank/statements/new", data=body, content_type=kind)


def text(answer):
    """The page of an answer."""
    return answer.get_data(as_text=True)


def count(kind):
    """How many rows there are."""
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(kind))


def line_status(line):
    """The state of a line, read anew."""
    db.session.expire_all()
    return db.session.get(StatementLine, line.id).status
