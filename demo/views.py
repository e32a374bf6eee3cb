"""The pages of the demo's statement files and of the link to sign in."""

from flask import (
    Blueprint,
    current_app,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from demo import mailbox
from demo.folder import statements_folder
from demo.practice_files import ALL_FILES
from fundapp.access.marks import public, requires
from fundapp.access.permissions import Permission
from fundapp.errors import NotFoundError
from fundapp.identity.views.sign_in_links import asking_browser

blueprint = Blueprint("demo", __name__)


@blueprint.get("/demo/statements")
@requires(Permission.STATEMENT_IMPORT)
def statements() -> str:
    """The statement files and a sentence about each."""
    _require_demo()
    folder = statements_folder()
    files = [(file, _(file.about)) for file in ALL_FILES if (folder / file.name).is_file()]
    return render_template("demo/statements.html", files=files)


@blueprint.get("/demo/statements/<name>")
@requires(Permission.STATEMENT_IMPORT)
def statement(name: str) -> Response:
    """One of the files, as the bank would send it."""
    _require_demo()
    if not any(file.name == name for file in ALL_FILES):
        raise NotFoundError
    return send_from_directory(statements_folder(), name, as_attachment=True, mimetype="text/csv")


@blueprint.get("/demo/mailbox")
@public
def mailbox_page() -> str:
    """The link to sign in that this browser asked for, as its owner's mailbox would show it."""
    if not mailbox.is_open():
        raise NotFoundError
    found = mailbox.find_link(asking_browser())
    link, token = found or (None, "")
    url = url_for("identity.sign_in_link", code=token) if token else None
    return render_template("demo/mailbox.html", link=link, url=url)


@blueprint.app_context_processor
def demo_urls() -> dict[str, str | None]:
    """The addresses of the demo's own pages, for the form that imports a statement and the one that
    asks for a link to sign in; None outside of the demo.
    """
    if not current_app.config["DEMO"]:
        return {"practice_files_url": None, "demo_mailbox_url": None}
    is_asked = request.endpoint in ("identity.ask_for_link", "identity.send_link")
    return {
        "practice_files_url": url_for("demo.statements"),
        "demo_mailbox_url": url_for("demo.mailbox_page")
        if is_asked and mailbox.is_open()
        else None,
    }


def _require_demo() -> None:
    if not current_app.config["DEMO"]:
        raise NotFoundError
