"""What a load leaves outside the database: the sign-ins and the statement files."""

import json
from dataclasses import asdict
from pathlib import Path

from flask import current_app

from demo.cast import SignIn
from demo.handouts import FOLDER

_SIGN_INS = "demo-sign-ins.json"


def demo_folder() -> Path:
    """``DEMO_FOLDER`` where it is set, else the instance folder, which git never sees."""
    return Path(current_app.config.get("DEMO_FOLDER") or current_app.instance_path)


def statements_folder() -> Path:
    """Where the statement files lie."""
    return demo_folder() / FOLDER


def keep_sign_ins(sign_ins: list[SignIn]) -> None:
    """Keep the passwords in a file that only its owner reads."""
    path = demo_folder() / _SIGN_INS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    text = json.dumps([asdict(one) for one in sign_ins], ensure_ascii=False, indent=1)
    path.write_text(text, encoding="utf-8")


def find_sign_ins() -> list[SignIn]:
    """The kept sign-ins; none when no demo was loaded here."""
    path = demo_folder() / _SIGN_INS
    if not path.exists():
        return []
    return [
        SignIn(**{**row, "districts": tuple(row["districts"])})
        for row in json.loads(path.read_text(encoding="utf-8"))
    ]
