"""The months of the books, and what is proposed for them."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.ledger import kinds, queries
from fundapp.ledger.errors import PeriodNotClosedError
from fundapp.ledger.forms import PeriodReopeningForm
from fundapp.ledger.models import PeriodStatus
from fundapp.ledger.views.blueprint import blueprint, propose
from fundapp.paging import int_key
from fundapp.proposals.queries import (
    find_open_proposal,
    find_open_proposals,
    version_of_values,
)
from fundapp.thai.calendar import fiscal_year_be
from fundapp.web.filters import day
from fundapp.web.forms import Answer, BaseForm, ButtonForm


@blueprint.get("/months")
@requires(Permission.HOUSE_PROPOSE)
def months() -> str:
    """Twelve months that are over, up to the end of a fiscal year."""
    return _page(ButtonForm(), int_key(request.args.get("year")))


@blueprint.post("/months/<starts_on>/close")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def close_month(starts_on: str) -> Answer:
    """Propose to close a month."""
    form, period = ButtonForm(), queries.get_period(starts_on)
    return propose(
        form,
        kinds.PERIOD_CLOSING,
        lambda: starts_on,
        lambda: kinds.CLOSED,
        page=lambda: _page(form, period.fiscal_year),
    )


@blueprint.get("/months/<starts_on>/reopen")
@requires(Permission.HOUSE_PROPOSE)
def reopening(starts_on: str) -> str:
    """The form that says why a closed month takes entries again."""
    if queries.get_period(starts_on).status is not PeriodStatus.CLOSED:
        raise PeriodNotClosedError
    version = version_of_values(kinds.PERIOD_REOPENING, starts_on)
    return _form_page(starts_on, PeriodReopeningForm(formdata=None, data={"version": version}))


@blueprint.post("/months/<starts_on>/reopen")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def reopen_month(starts_on: str) -> Answer:
    """Propose it."""
    form = PeriodReopeningForm()
    return propose(
        form,
        kinds.PERIOD_REOPENING,
        lambda: starts_on,
        lambda: kinds.reopening_values(form.reason.value),
        page=lambda: _form_page(starts_on, form),
    )


def _page(form: BaseForm, year: int | None) -> str:
    this_year = fiscal_year_be(clock.today())
    shown = year or this_year
    rows = queries.list_periods(shown)
    proposals = find_open_proposals(kinds.PERIOD_CLOSING, kinds.PERIOD_REOPENING)
    waiting = {
        row.starts_on: proposals.get((kind, row.starts_on.isoformat()))
        for row in rows
        for kind in (kinds.PERIOD_CLOSING if row.is_open else kinds.PERIOD_REOPENING,)
    }
    return render_template(
        "ledger/months.html",
        form=form,
        rows=rows,
        waiting=waiting,
        year=shown,
        this_year=this_year,
    )


def _form_page(starts_on: str, form: PeriodReopeningForm) -> str:
    period = queries.get_period(starts_on)
    return render_template(
        "proposals/form.html",
        form=form,
        title=_("Opening a closed month again"),
        subject=f"{day(period.starts_on)} – {day(period.ends_on)}",
        back_url=url_for("ledger.months", year=period.fiscal_year),
        waiting=find_open_proposal(kinds.PERIOD_REOPENING, starts_on),
    )
