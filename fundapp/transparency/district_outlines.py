"""The outlines of the districts for the map."""

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def district_outlines() -> dict[str, Any]:
    """SVG paths by district code, read once; the README beside the file says where from."""
    file = resources.files("fundapp.places") / "data" / "yala_districts_paths.json"
    outlines: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return outlines
