"""What the pages are measured against: a bare Flask application that does next to nothing.

It has no forms, templates, languages, sign-in or checks. ``BENCH_URL`` names its database, with the
tables of the raw unit.
"""

import os
import threading
from collections.abc import Iterator

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from bench import raw

app = Flask(__name__)
_of_thread = threading.local()


@app.get("/hello")
def hello() -> str:
    """The least that Flask can answer."""
    return "hello"


@app.get("/bytes/<int:count>")
def some_bytes(count: int) -> str:
    """A page of that many bytes."""
    return "x" * count


@app.post("/give")
def give() -> Response:
    """Read the form; three inserts with the plain driver, on a connection of this thread."""
    name = request.form["name"]
    if not hasattr(_of_thread, "gifts"):
        _of_thread.gifts = raw.steps(os.environ["BENCH_URL"], raw.FUNDS)
    gifts: Iterator[None] = _of_thread.gifts
    next(gifts)
    return redirect(f"/thanks?{len(name)}", 303)
