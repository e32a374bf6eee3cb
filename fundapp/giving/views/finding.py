"""The page for a donor who lost the address of a pledge."""

from flask import render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.email_addresses import comparable_email
from fundapp.giving import operations
from fundapp.giving.forms.finding import FindPledgeForm
from fundapp.giving.views.blueprint import blueprint
from fundapp.giving.views.pledges import pledge_page
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit
from fundapp.web.limits import take_tries, visitor
from fundapp.web.locale import locale_code


@blueprint.get("/find-my-pledge")
@public
def find_pledge() -> str:
    """The form."""
    return _page(FindPledgeForm())


@blueprint.post("/find-my-pledge")
@public
def send_pledge_addresses() -> Answer:
    """Send the addresses to the mailbox; the answer is the same whether there are any or not."""
    form, actor, locale = FindPledgeForm(), current_actor(), locale_code()
    message = _(
        "If a gift was made with that, a message with the address of its page is on its way to the "
        "mailbox or the LINE account of who made it."
    )
    return submit(
        form,
        lambda: operations.send_pledge_addresses(
            email=form.email.data,
            reference=form.reference.data,
            phone=form.phone.data,
            locale=locale,
            actor=actor,
        ),
        done=lambda _none: redirect_with(message, url_for("giving.find_pledge")),
        page=lambda: _page(form),
        before=lambda: _take_tries(_asked(form)),
    )


@blueprint.post("/pledges/<token>/send-address")
@public
def send_pledge_address(token: str) -> Answer:
    """Send the address of a pledge to its own mailbox; few times, as each is a message."""
    form, actor, locale = ButtonForm(), current_actor(), locale_code()
    return submit(
        form,
        lambda: operations.send_pledge_address(token, locale=locale, actor=actor),
        done=lambda _none: redirect_with(
            _("A message with the address of this page is on its way to you."),
            url_for("giving.pledge", token=token),
        ),
        page=lambda: pledge_page(token, button_form=form),
        before=lambda: _take_tries(token),
    )


def _take_tries(asked: str) -> None:
    take_tries(("LIMIT_FIND_PLEDGE", visitor(), None), ("LIMIT_FIND_PLEDGE_EMAIL", asked, None))


def _asked(form: FindPledgeForm) -> str:
    return comparable_email(form.email.data or "") or (form.reference.data or "").upper()


def _page(form: FindPledgeForm) -> str:
    return render_template("giving/find_pledge.html", form=form)
