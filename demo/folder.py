"""What a load leaves outside the database: the sign-ins and the statement files."""

import json
from dataclasses import asdict
from pathlib import Path

from flask import Flask, current_app

from demo.people import SignIn
from demo.practice_files import FOLDER

_SIGN_INS = "demo-sign-ins.json"


def demo_folder() -> Path:
    """That of the application in use: `folder_of`."""
    return folder_of(current_app)


def folder_of(app: Flask) -> Path:
    """``DEMO_FOLDER`` where it is set, else the instance folder, which git ignores."""
    return Path(app.config.get("DEMO_FOLDER") or app.instance_path)


def statements_folder() -> Path:
    """The folder of the statement files."""
    return demo_folder() / FOLDER


def save_sign_ins(sign_ins: list[SignIn]) -> None:
    """Write passwords and secrets to a file that only its owner can read."""
    path = demo_folder() / _SIGN_INS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    text = json.dumps([asdict(sign_in) for sign_in in sign_ins], ensure_ascii=False, indent=1)
    path.write_text(text, encoding="utf-8")


def find_sign_ins() -> list[SignIn]:
    """The saved sign-ins; none when no demo was loaded here."""
    path = demo_folder() / _SIGN_INS
    if not path.exists():
        return []
    return [
        SignIn(**{**row, "districts": tuple(row["districts"])})
        for row in json.loads(path.read_text(encoding="utf-8"))
    ]
