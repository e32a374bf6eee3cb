"""The page on which words are erased. Nobody sees the words there."""

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.remarks import operations, queries
from fundapp.remarks.forms import EraseForm
from fundapp.web.forms import Answer, redirect_with, submit

blueprint = Blueprint("remarks", __name__, url_prefix="/remarks")


@blueprint.after_request
def forbid_caching(response: Response) -> Response:
    """Nothing keeps the page."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
@requires(Permission.REMARK_ERASE)
def index() -> str:
    """The form, and what was erased."""
    return _page(EraseForm(formdata=None))


@blueprint.post("")
@requires(Permission.REMARK_ERASE)
@fresh_factor
def erase() -> Answer:
    """Erase the words of a number."""
    form, actor = EraseForm(), current_actor()
    return submit(
        form,
        lambda: operations.erase_words(form.number.data, why=form.why.value, actor=actor),
        done=lambda _erased: redirect_with(
            _("The words are erased. Their digest stays."), url_for("remarks.index")
        ),
        page=lambda: _page(form),
    )


def _page(form: EraseForm) -> str:
    return render_template("remarks/index.html", form=form, erased=queries.list_erased())
