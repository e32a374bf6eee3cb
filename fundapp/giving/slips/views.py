"""Sending a slip on the page of a pledge, and asking whether anything of the pledge has changed."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.giving import queries
from fundapp.giving.models import Slip, SlipStatus
from fundapp.giving.slips.forms import SlipForm
from fundapp.giving.slips.operations import send_slip as keep_slip
from fundapp.giving.views.blueprint import blueprint
from fundapp.giving.views.pledges import pledge_page
from fundapp.web.forms import Answer, redirect_with, submit
from fundapp.web.limits import take_tries, visitor


@blueprint.post("/pledges/<token>/slips")
@public
def send_slip(token: str) -> Answer:
    """Take the slip of a transfer."""
    form, actor = SlipForm(), current_actor()
    queries.get_pledge(token)

    def take_in() -> None:
        take_tries(("LIMIT_SLIP", visitor(), None), ("LIMIT_SLIP_PLEDGE", token, None))
        form.take_in()

    def done(slip: Slip) -> Answer:
        page = url_for("giving.pledge", token=token)
        return redirect_with(_thanks(slip), page, "error" if _is_rejected(slip) else "success")

    return submit(
        form,
        lambda: keep_slip(
            token,
            number=form.instalment.data or "",
            slip=form.accepted,
            code=form.code,
            actor=actor,
        ),
        done=done,
        page=lambda: pledge_page(token, slip_form=form),
        before=take_in,
    )


@blueprint.get("/pledges/<token>/state")
@public
def pledge_state(token: str) -> Response:
    """A few bytes whose ETag changes with what the page shows of money and slips; 304 while it is
    the same.
    """
    answer = Response(status=204)
    answer.set_etag(queries.pledge_version(token))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


def _is_rejected(slip: Slip) -> bool:
    return slip.status is SlipStatus.REJECTED


def _thanks(slip: Slip) -> str:
    if _is_rejected(slip):
        return _("This slip was sent before and not accepted. Send another one, or ask the office.")
    if slip.code_digest is None:
        return _(
            "The slip is here. No code was found on it; the office will compare it with the bank. "
            "Your receipt comes when the money is found there."
        )
    return _(
        "The slip is here, and its code was read. Your receipt comes when the money is found at "
        "the bank."
    )
