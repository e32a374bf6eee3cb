"""The page to give or pledge."""

from collections.abc import Sequence

from flask import Response, after_this_request, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.giving import queries
from fundapp.giving.campaigns.operations import make_campaign_pledge
from fundapp.giving.campaigns.policy import is_running
from fundapp.giving.campaigns.queries import find_campaign
from fundapp.giving.errors import PledgeKnownError
from fundapp.giving.forms import GiveForm, Step
from fundapp.giving.labels import short_baht, sum_patterns
from fundapp.giving.models import Campaign
from fundapp.giving.queries import OfferedFund
from fundapp.giving.tries import take_pledge_tries
from fundapp.giving.views.blueprint import blueprint
from fundapp.ids import new_public_id
from fundapp.web.errors import refused_form
from fundapp.web.form_stamps import new_stamp
from fundapp.web.forms import Answer, submit
from fundapp.web.public_pages import public_page
from fundapp.web.remembered_pages import Draft
from fundapp.web.request_checks import sent_by_own_page


@blueprint.get("/give")
@public
def give() -> Response:
    """The form; who is signed in gives under the address of the account."""
    return public_page(queries.gift_funds_version, _new_form, asked=("fund", "campaign"))


def _new_form() -> Draft:
    funds = queries.list_offered_funds()
    form = GiveForm(funds)
    if current_user.is_authenticated:
        form.email.data = current_user.email
    text = _page(form, funds)
    return Draft(text, {form.form_id.data: new_public_id, form.opened.data: new_stamp})


@blueprint.post("/give")
@public
def make_pledge() -> Answer:
    """Make the pledge, or ask first whether its sum is meant; a form with mistakes does not count
    against the limit.
    """
    funds = queries.list_offered_funds()
    form, actor = GiveForm(funds), current_actor()
    _let_go_back()
    if Step.CHANGE in request.form.getlist("step"):
        return _page(form, funds), 200
    if form.step.data == Step.ASK and form.validate() and form.asks_back:
        return _confirmation(form), 200
    return submit(
        form,
        lambda: make_campaign_pledge(form.terms(), form.campaign.data or "", actor=actor),
        done=lambda token: redirect(url_for("giving.pledge", token=token), 303),
        page=lambda: _refusal(form, funds),
        before=lambda: take_pledge_tries(form),
    )


@blueprint.errorhandler(CSRFError)
def refuse_form(error: CSRFError) -> Answer:
    """Show the form again as it was typed, where our own page sent it: its token was of before the
    donor signed in or out in another tab, or too old. Nothing is made of it.
    """
    if request.endpoint != "giving.make_pledge" or not sent_by_own_page():
        return refused_form(error)
    funds = queries.list_offered_funds()
    form = GiveForm(funds)
    form.form_errors.append(
        _(
            "You signed in or out, or waited long, after you opened this page. Nothing was saved, "
            "and what you typed is still here. Look at it and send it again."
        )
    )
    return _page(form, funds), 400


def _let_go_back() -> None:
    """Let a visitor's browser keep the page that answers the form: going back to a page that was
    sent for is an error otherwise. Whoever is signed in keeps none.
    """
    if current_user.is_authenticated:
        return

    @after_this_request
    def keep(response: Response) -> Response:
        """It is kept by that browser alone."""
        response.headers["Cache-Control"] = "private, no-cache"
        return response


def _refusal(form: GiveForm, funds: Sequence[OfferedFund]) -> str:
    """The form with what is wrong; the question, when it has made another pledge before."""
    if isinstance(form.refusal, PledgeKnownError):
        form.form_id.data = new_public_id()
        return _confirmation(form, form.refusal)
    return _page(form, funds)


def _page(form: GiveForm, funds: Sequence[OfferedFund]) -> str:
    form.begin()
    return render_template(
        "giving/give.html",
        form=form,
        funds=funds,
        patterns=sum_patterns(),
        campaign=_campaign(form),
    )


def _campaign(form: GiveForm) -> Campaign | None:
    """The campaign that the page was opened for, while it runs; else none, and no gift counts for
    it.
    """
    found = find_campaign(form.campaign.data) if form.campaign.data else None
    if found is None or not is_running(found, clock.today()):
        form.campaign.data = ""
        return None
    if not form.is_submitted() and found.fund_code in form.fund_codes:
        form.fund.data = found.fund_code
    return found


def _confirmation(form: GiveForm, known: PledgeKnownError | None = None) -> str:
    """What the form would do, to be confirmed or changed; ``known`` is what it did before."""
    amount = short_baht(form.terms().amount_satang)
    return render_template("giving/confirm_pledge.html", form=form, amount=amount, known=known)
