"""Every route with its permission, as the application declares them.

The list is stored in routes.json so that a change of who may see what is seen in a review. After
adding or changing a route, run `make routes` (or `python -m tests.architecture.routes`), read the
difference and commit it.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask

from fundapp.access.marks import access_of

STORED = Path(__file__).with_name("routes.json")


def current(app: Flask) -> dict[str, Any]:
    """The list as it should be stored: endpoint → rule, methods, permission."""
    return {
        rule.endpoint if first else f"{rule.endpoint} {rule.rule}": {
            "rule": rule.rule,
            "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
            "permission": access_of(app, rule.endpoint),
        }
        for rule, first in _rules(app)
    }


def _rules(app: Flask) -> list[tuple[Any, bool]]:
    seen: set[str] = set()
    rules = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        rules.append((rule, rule.endpoint not in seen))
        seen.add(rule.endpoint)
    return rules


def write(app: Flask) -> None:
    """Store the list."""
    text = json.dumps(current(app), indent=2, ensure_ascii=False, sort_keys=True)
    STORED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    from fundapp import create_app
    from tests.conftest import settings

    with tempfile.TemporaryDirectory() as folder:
        write(create_app(settings(f"sqlite:///{folder}/none.db", Path(folder))))
