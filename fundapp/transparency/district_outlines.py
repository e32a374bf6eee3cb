"""The outlines of the districts, read once."""

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def district_shapes() -> dict[str, Any]:
    """SVG paths by district code; see the README beside the file."""
    file = resources.files("fundapp.places") / "data" / "yala_districts_paths.json"
    shapes: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return shapes
