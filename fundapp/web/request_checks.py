"""Refuses requests that none of our forms can send, before any view runs."""

from urllib.parse import urlsplit

from flask import Flask, abort, request

#: The names of all fields that take files; a file in any other field would be read as text.
FILE_FIELDS = frozenset({"document", "file", "paper"})


def refuse_misplaced_files() -> None:
    """Refuse a file in a field that takes text."""
    if not FILE_FIELDS.issuperset(request.files):
        abort(400)


def refuse_nul() -> None:
    """Refuse NUL characters anywhere: no text column of PostgreSQL can hold them."""
    texts = [request.path, *_values(request.args), *_values(request.form)]
    if any("\x00" in text for text in texts):
        abort(400)


def refuse_unreadable_origin() -> None:
    """Refuse a form whose Referer or Host cannot be read: the check of its token compares them, and
    would raise an error.
    """
    if request.method != "POST":
        return
    try:
        _ = [urlsplit(address).port for address in (request.referrer or "", request.host_url)]
    except ValueError:
        abort(400)


def _values(fields: object) -> list[str]:
    lists = fields.lists()  # type: ignore[attr-defined]
    return [text for key, values in lists for text in (key, *values)]


def init_app(app: Flask) -> None:
    """Check every request."""
    app.before_request(refuse_unreadable_origin)
    app.before_request(refuse_misplaced_files)
    app.before_request(refuse_nul)
