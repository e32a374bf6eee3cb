"""The blueprint of the auditor's pages, what its templates share, and the trail of its readers."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, g, render_template, request
from wtforms import Form

from fundapp.access.current import current_actor
from fundapp.audit import labels, queries
from fundapp.audit.naming import page_url
from fundapp.db import unit_of_reading
from fundapp.identity.actor_names import PROCESSES
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import AccountType
from fundapp.ledger.periods import month_start
from fundapp.thai.calendar import fiscal_year_bounds
from fundapp.trail.operations import record_event
from fundapp.web.downloads import wanted_file
from fundapp.web.forms import FilterForm

F = TypeVar("F", bound=FilterForm)

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


def _last_month(year: str) -> str:
    """The first day of the month with which a fiscal year (B.E.) is closed."""
    _first, last = fiscal_year_bounds(int(year))
    return month_start(last).isoformat()


#: By ``source_type`` of an entry: the page that shows its source.
_SOURCE_ENDPOINTS = {
    "payment": "giving.payment",
    "disbursement_request": "disbursements.show",
    "refund": "giving.refund",
    "statement_line": "banking.line",
    "advance": "advances.show",
}
#: The same where the page is of something that the source belongs to: its name, and how it is
#: found.
_SOURCE_PAGES: dict[str, tuple[str, str, Callable[[str], str | None]]] = {
    "fund_transfer": ("budgets.transfers", "after", queries.key_before_transfer),
    "card_payout": ("banking.card_payout", "payout_id", str),
    "card_movement": ("banking.card_payout", "payout_id", queries.payout_of_movement),
    "fiscal_year": ("audit.period", "starts_on", _last_month),
}


def refused(template: str, form: Form) -> tuple[str, int]:
    """The page with its filter's errors and no figures."""
    return render_template(template, form=form, refused=True), 422


def source_url(source_type: str, source_ref: str) -> str | None:
    """The page of what an entry comes from, when there is one and the reader may open it."""
    if source_type in _SOURCE_PAGES:
        page, argument, find = _SOURCE_PAGES[source_type]
        key = find(source_ref)
        return page_url(page, current_actor(), {argument: key}) if key else None
    endpoint = _SOURCE_ENDPOINTS.get(source_type)
    return endpoint and page_url(endpoint, current_actor(), {"public_id": source_ref})


def line_url(public_id: str) -> str | None:
    """The page of a line of the bank, when the reader may open it."""
    return page_url("banking.line", current_actor(), {"public_id": public_id})


# The files of donors tell what the trail says of them.
blueprint.add_app_template_filter(labels.event_text, "event_text")


@blueprint.context_processor
def shared_words() -> dict[str, Any]:
    """What every template of audit may use."""
    return {
        "AccountType": AccountType,
        "PROCESSES": PROCESSES,
        "SOURCES": labels.SOURCES,
        "event_text": labels.event_text,
        "entry_number": entry_number,
        "line_url": line_url,
        "source_url": source_url,
    }


def read_filter(form: F) -> F:
    """The filter of the page, remembered for the trail."""
    g.audit_filter = form
    return form


def _view() -> str:
    return (request.endpoint or "").partition(".")[2]


def _filters() -> str:
    """What the page was asked for, of what it understood: an address may hold anything."""
    form: FilterForm | None = g.get("audit_filter")
    chosen = {} if form is None else form.chosen()
    if _view() in labels.VIEWS and request.view_args:
        chosen["part"] = next(iter(request.view_args.values()))
    if wanted_file():
        chosen["format"] = wanted_file()
    return " ".join(f"{name}={value}" for name, value in chosen.items())


@blueprint.after_request
def record_reading(response: Response) -> Response:
    """Record the reading: which page, with which filters, and whether as a file."""
    # What is published is read by everybody.
    if response.status_code == 200 and request.endpoint and current_actor().user_id is not None:
        view, parts = _view(), (request.view_args or {}).values()
        unit_of_reading(
            record_event,
            "audit:journal:read",
            actor=current_actor(),
            subject_type="audit_view",
            subject_ref=view if view in labels.VIEWS else next(iter(parts), view),
            note=_filters(),
        )
    return response
