"""The page from which the demo's statement files are downloaded."""

from flask import Blueprint, current_app, render_template, send_from_directory, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from demo.folder import statements_folder
from demo.practice_files import PRACTICE_FILES
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.errors import NotFoundError

blueprint = Blueprint("demo", __name__)


@blueprint.get("/demo/statements")
@requires(Permission.STATEMENT_IMPORT)
def statements() -> str:
    """The statement files and a sentence about each."""
    _require_demo()
    folder = statements_folder()
    files = [(file, _(file.about)) for file in PRACTICE_FILES if (folder / file.name).is_file()]
    return render_template("demo/statements.html", files=files)


@blueprint.get("/demo/statements/<name>")
@requires(Permission.STATEMENT_IMPORT)
def statement(name: str) -> Response:
    """One of the files, as the bank would send it."""
    _require_demo()
    if not any(file.name == name for file in PRACTICE_FILES):
        raise NotFoundError
    return send_from_directory(statements_folder(), name, as_attachment=True, mimetype="text/csv")


@blueprint.app_context_processor
def practice_files_url() -> dict[str, str | None]:
    """The page's address, for the form that imports a statement; None outside of the demo."""
    return {
        "practice_files_url": url_for("demo.statements") if current_app.config["DEMO"] else None
    }


def _require_demo() -> None:
    if not current_app.config["DEMO"]:
        raise NotFoundError
