"""One's own data as a file: JSON for programs and a page to read, in one ZIP."""

import io
import json
import zipfile
from typing import Any

from flask import Response, render_template

from fundapp import clock
from fundapp.today.own_data import Data
from fundapp.web.locale import locale_code


def data_file(data: Data) -> Response:
    """The ZIP with ``data.json`` and ``data.html``, in the language of the page."""
    made = clock.now()
    content = {"made": made.isoformat(timespec="seconds"), **data}
    page = render_template(
        "today/own_data.html", sections=_sections(data), made=made, language=locale_code()
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.json", json.dumps(content, ensure_ascii=False, indent=1))
        file.writestr("data.html", page)
    response = Response(out.getvalue(), mimetype="application/zip")
    day = clock.local_day(made).isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{day}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _sections(data: Data) -> list[tuple[str, list[list[tuple[str, Any]]]]]:
    """Each list as its name and its entries: pairs of a name and what it says, without what is
    empty; lists and tables inside as lines.
    """
    return [
        (
            name,
            [[(key, _text(value)) for key, value in entry.items() if value] for entry in entries],
        )
        for name, entries in data.items()
    ]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_text(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(each)}" for key, each in value.items() if each is not None)
    return str(value)
