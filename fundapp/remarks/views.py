"""The pages on which words are erased: their number, then what goes and what stays. Nobody sees the
words there.
"""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.errors import DomainError
from fundapp.remarks import operations, queries
from fundapp.remarks.forms import GroundForm, NumberForm
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
    return _page(NumberForm(formdata=None))


@blueprint.post("")
@requires(Permission.REMARK_ERASE)
@fresh_factor
def choose() -> Answer:
    """To the page that shows what the number would erase."""
    form, actor = NumberForm(), current_actor()
    return submit(
        form,
        lambda: operations.plan_erasure(form.number.data, actor=actor).written.number,
        done=lambda number: redirect(url_for("remarks.show", number=number), 303),
        page=lambda: _page(form),
    )


@blueprint.get("/<number>")
@requires(Permission.REMARK_ERASE)
def show(number: str) -> str:
    """What would be erased and what would stay, and the button that does it."""
    return _confirmation(number, GroundForm(formdata=None))


@blueprint.post("/<number>")
@requires(Permission.REMARK_ERASE)
@fresh_factor
def erase(number: str) -> Answer:
    """Erase the words of the number."""
    form, actor = GroundForm(), current_actor()
    return submit(
        form,
        lambda: operations.erase_shown_words(number, why=form.why.value, actor=actor),
        done=lambda _erased: redirect_with(
            _("The words are erased. Their digest stays."), url_for("remarks.index")
        ),
        page=lambda: _confirmation(number, form),
        refused=lambda error: _refusal(number, error),
    )


def _page(form: NumberForm) -> str:
    return render_template("remarks/index.html", form=form, erased=queries.list_erased())


def _confirmation(number: str, form: GroundForm) -> str:
    erasure = operations.show_erasure(number, actor=current_actor())
    return render_template("remarks/confirm.html", form=form, erasure=erasure)


def _refusal(number: str, error: DomainError) -> str:
    """The first page again: what was shown can no longer be erased."""
    form = NumberForm(formdata=None)
    form.number.data = number
    form.refuse(error)
    return _page(form)
