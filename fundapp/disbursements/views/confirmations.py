"""The page of the link on a voucher, for guardians and schools without an account.

Opening it changes nothing, as programs that look links up open them too. Its address is a secret,
so no other site is told of it.
"""

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.actors import RECEIPT_LINK
from fundapp.access.marks import public
from fundapp.disbursements import operations
from fundapp.disbursements.forms import ReceiptAnswerForm
from fundapp.disbursements.queries import get_asked_receipt
from fundapp.disbursements.views.blueprint import confirmations
from fundapp.web.forms import Answer, redirect_with, submit
from fundapp.web.limits import take_tries, visitor
from fundapp.web.request_checks import without_token

_OVER = 410


@confirmations.get("/<token>")
@public
def show(token: str) -> Response:
    """What was paid, and the question whether it came."""
    return _private(_page(token, ReceiptAnswerForm(formdata=None)))


@confirmations.post("/<token>")
@public
@without_token  # the address itself proves it, and its page gives no Referer to compare
def answer(token: str) -> Response:
    """Take the answer, once."""
    form = ReceiptAnswerForm()
    done = _("Thank you. Your answer is recorded.")
    return _private(
        submit(
            form,
            lambda: operations.confirm_by_link(
                token, outcome=form.outcome.value, note=form.note.data, actor=RECEIPT_LINK
            ),
            done=lambda _sent: redirect_with(done, url_for("confirmations.show", token=token)),
            page=lambda: _page(token, form)[0],
            refused=lambda _error: _page(token, form)[0],
            before=lambda: take_tries(("LIMIT_CONFIRM", visitor(), None)),
        )
    )


def _page(token: str, form: ReceiptAnswerForm) -> tuple[str, int]:
    asked = get_asked_receipt(token, clock.now())
    text = render_template("disbursements/confirm.html", asked=asked, form=form, token=token)
    return text, 200 if asked.is_open else _OVER


def _private(answered: Answer) -> Response:
    """The answer, from which no other site learns the address."""
    response = make_response(answered)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
