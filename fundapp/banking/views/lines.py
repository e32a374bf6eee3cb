"""Lines that wait for somebody, one line with everything it may belong to, and what is done to it.

Each act is a POST of its own; afterwards one is back where one came from (``back``).
"""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking import operations, queries
from fundapp.banking.forms import CashForm, GiftForm, LineSearch, ReasonForm
from fundapp.banking.models import LineStatus
from fundapp.banking.views.blueprint import beside, blueprint, page, status_asked
from fundapp.banking.workflow import LineAction, may_line
from fundapp.db import unit_of_work
from fundapp.errors import DomainError, NotFoundError, StaleError
from fundapp.giving.queries import list_gift_funds
from fundapp.identity.queries import names_of
from fundapp.identity.views.fields import show_on_form
from fundapp.ledger.queries import list_funds
from fundapp.web.locale import translated

Answer = Response | tuple[str, int]

_FORMS = {GiftForm: "gift_form", CashForm: "cash_form", ReasonForm: "reason_form"}


@blueprint.get("/lines")
@requires(Permission.STATEMENT_READ)
def lines() -> str:
    """Lines of all statements in one state, the oldest first."""
    status = status_asked() or LineStatus.UNMATCHED
    rows = queries.list_lines(status, after=request.args.get("after"))
    return page("lines", rows=rows, status=status, **beside(list(rows.rows)))


@blueprint.get("/lines/<public_id>")
@requires(Permission.STATEMENT_READ)
def line(public_id: str) -> str:
    """One line."""
    return _line_page(public_id)


@blueprint.post("/lines/<public_id>")
@requires(Permission.STATEMENT_READ)
def search_line(public_id: str) -> str:
    """The line with what was looked for by hand; a donor's name stands in no address."""
    return _line_page(public_id)


@blueprint.post("/lines/<public_id>/match")
@requires(Permission.STATEMENT_MATCH)
def match(public_id: str) -> Answer:
    """Match it to the one thing that the form names."""
    kinds = ("instalment_reference", "payment_public_id", "payout_public_id", "entry_number")
    given = {kind: request.form[kind] for kind in kinds if request.form.get(kind)}
    if len(given) != 1:
        flash(_("Choose what the line belongs to."), "warning")
        return _back(public_id)
    return _act(operations.match_line, public_id, _("The line is matched."), **given)


@blueprint.post("/lines/<public_id>/gift")
@requires(Permission.STATEMENT_MATCH)
def gift(public_id: str) -> Answer:
    """Record it as a gift that nobody promised."""
    form = GiftForm(list_gift_funds())
    if not form.validate_on_submit():
        return _line_page(public_id, gift_form=form), 422
    name = " ".join((form.donor.data or "").split())
    said = _("The line is recorded as a gift, and its receipt is issued.")
    values = {"fund_code": form.fund.data, "donor_name": name}
    return _act(operations.record_as_gift, public_id, said, form=form, **values)


@blueprint.post("/lines/<public_id>/charge")
@requires(Permission.STATEMENT_MATCH)
def charge(public_id: str) -> Answer:
    """Book the bank's fee or interest."""
    return _act(operations.book_charge, public_id, _("The line is booked."))


@blueprint.post("/lines/<public_id>/cash")
@requires(Permission.STATEMENT_MATCH)
def cash(public_id: str) -> Answer:
    """Book it as the fund's own cash, paid in or drawn."""
    form = CashForm(list_funds())
    if not form.validate_on_submit():
        return _line_page(public_id, cash_form=form), 422
    fund_code = form.cash_fund.data
    return _act(
        operations.book_cash, public_id, _("The line is booked."), form=form, fund_code=fund_code
    )


@blueprint.post("/lines/<public_id>/hold")
@requires(Permission.STATEMENT_MATCH)
def hold(public_id: str) -> Answer:
    """Put it on hold."""
    return _with_reason(operations.hold_line, public_id, _("The line is on hold."))


@blueprint.post("/lines/<public_id>/ignore")
@requires(Permission.STATEMENT_MATCH)
def ignore(public_id: str) -> Answer:
    """Leave it out, with the reason."""
    return _with_reason(operations.ignore_line, public_id, _("The line is left out."))


@blueprint.post("/lines/<public_id>/release")
@requires(Permission.STATEMENT_MATCH)
def release(public_id: str) -> Answer:
    """Take it up again."""
    return _act(operations.release_line, public_id, _("The line waits to be matched again."))


@blueprint.post("/lines/<public_id>/unmatch")
@requires(Permission.STATEMENT_MATCH)
def unmatch(public_id: str) -> Answer:
    """Undo its match, with the reason."""
    said = _("The match is undone. What it had recorded is reversed.")
    return _with_reason(operations.unmatch_line, public_id, said)


def _with_reason(operation: Callable[..., Any], public_id: str, said: str) -> Answer:
    form = ReasonForm()
    if not form.validate_on_submit():
        return _line_page(public_id, reason_form=form), 422
    return _act(operation, public_id, said, form=form, reason=form.reason.data or "")


def _act(
    operation: Callable[..., Any], public_id: str, said: str, *, form: Any = None, **values: Any
) -> Answer:
    """Do it; what the rules refuse is said at the form, or above the line's page."""
    try:
        unit_of_work(operation, public_id, actor=current_actor(), **values)
    except (NotFoundError, StaleError):
        raise
    except DomainError as error:
        if form is None:
            flash(translated(error), "error")
            return _line_page(public_id), 422
        show_on_form(form, error)
        return _line_page(public_id, **{_FORMS[type(form)]: form}), 422
    flash(said, "success")
    return _back(public_id)


def _back(public_id: str) -> Response:
    """Where the button stood: the statement, the list of lines, or the line's own page."""
    found = queries.get_line(public_id)
    where = {
        "statement": url_for("banking.statement", public_id=found.statement.public_id),
        "lines": url_for("banking.lines"),
    }
    own = url_for("banking.line", public_id=public_id)
    return redirect(where.get(request.form.get("back", ""), own), 303)


def _line_page(
    public_id: str,
    *,
    gift_form: GiftForm | None = None,
    cash_form: CashForm | None = None,
    reason_form: ReasonForm | None = None,
) -> str:
    file = queries.open_line(public_id)
    search = LineSearch(request.form)
    return page(
        "line",
        file=file,
        line=file.line,
        search=search,
        found=queries.search_candidates(file.line, search.q.data or ""),
        gift_form=gift_form or GiftForm(list_gift_funds()),
        cash_form=cash_form or CashForm(list_funds()),
        reason_form=reason_form or ReasonForm(),
        may={action.value: may_line(file.line.status, action) for action in LineAction},
        people=names_of(one.match.matched_by for one in file.matches),
        **beside([file.line]),
    )
