"""Requests that no form of ours can send are turned away at the door."""

from urllib.parse import urlsplit

from flask import Flask, abort, request

#: The names of all fields that take files; a file in any other field is no text to be read.
FILE_FIELDS = frozenset({"document", "file", "paper"})


def refuse_misplaced_files() -> None:
    """Refuse a file where a form has a field for text."""
    if not FILE_FIELDS.issuperset(request.files):
        abort(400)


def refuse_nul() -> None:
    """Refuse NUL characters anywhere: no database column may hold them."""
    texts = [request.path, *_values(request.args), *_values(request.form)]
    if any("\x00" in text for text in texts):
        abort(400)


def refuse_unreadable_origin() -> None:
    """Refuse a form that comes from, or goes to, something that is no address: where forms are
    asked for their origin, the check would fail over it.
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
    """Look at every request."""
    app.before_request(refuse_unreadable_origin)
    app.before_request(refuse_misplaced_files)
    app.before_request(refuse_nul)
