"""What is done with a line, or with all certain lines of a statement.

Each action is a POST of its own; afterwards the reader returns to the page of the button.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking.errors import LineTakenError
from fundapp.banking.matching import operations, queries
from fundapp.banking.matching.batches import match_all_certain, match_in_steps
from fundapp.banking.matching.forms import (
    MOST_PARTS,
    GiftForm,
    LineComebackForm,
    LineForm,
    LineReturnForm,
    MatchForm,
    MoveForm,
    ReasonForm,
    SplitForm,
    SuspenseForm,
)
from fundapp.banking.matching.money_forms import LineShareForm
from fundapp.banking.matching.operations import certain
from fundapp.banking.matching.progress import progress_page, refusal_texts
from fundapp.banking.matching.views.lines import (
    gift_funds_of,
    line_page,
    origin_of_request,
    waiting_of,
)
from fundapp.banking.matching.views.taken import taken_text
from fundapp.banking.matching.workflow import OPEN_STATUSES
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.statement_files.queries import (
    count_lines_by_status,
    find_page,
    get_line,
    get_statement,
)
from fundapp.banking.views.blueprint import blueprint, page
from fundapp.errors import StaleError
from fundapp.paging import int_key
from fundapp.web.forms import Answer, redirect_with, submit
from fundapp.web.locale import translated

T = TypeVar("T")


@blueprint.post("/statements/<public_id>/match-certain")
@requires(Permission.STATEMENT_MATCH)
def match_certain_lines(public_id: str) -> Response:
    """Match every line that certainly belongs to something; tell how many, and what was refused.

    Of many lines the page shows how far it is: it is sent while they are matched.
    """
    statement, actor = get_statement(public_id), current_actor()
    waiting = count_lines_by_status([statement.id])[statement.id].get(LineStatus.UNMATCHED, 0)
    if waiting > certain.STEP:
        after_row = int_key(request.form.get("after_row")) or 0
        steps = match_in_steps(public_id, actor=actor, after_row=after_row)
        return progress_page(statement, waiting, steps)
    result = match_all_certain(public_id, actor=actor)
    text = ngettext("%(num)s line is matched.", "%(num)s lines are matched.", result.matched)
    flash(text, "success" if result.matched else "info")
    for refusal in refusal_texts(result):
        flash(refusal, "warning")
    return redirect(url_for("banking.statement", public_id=public_id), 303)


@blueprint.post("/lines/<public_id>/match")
@requires(Permission.STATEMENT_MATCH)
def match(public_id: str) -> Answer:
    """Match the line to the target that the form names."""
    form = MatchForm()
    message = _("The line is matched.")
    seen = {"lets_go": bool(form.lets_go.data), "open_satang": int_key(form.open_satang.data)}
    return _submit(form, message, operations.match_line, public_id, **seen, **form.target)


@blueprint.post("/lines/<public_id>/gift")
@requires(Permission.STATEMENT_MATCH)
def gift(public_id: str) -> Answer:
    """Record the line as a gift that nobody promised."""
    form = GiftForm(gift_funds_of(get_line(public_id)))
    message = _("The line is recorded as a gift, and its receipt is issued.")
    values = {"fund_code": form.fund.data, "donor_name": form.donor.data}
    return _submit(form, message, operations.record_as_gift, public_id, **values)


@blueprint.get("/lines/<public_id>/split")
@requires(Permission.STATEMENT_MATCH)
def split(public_id: str) -> str:
    """The form to split the line, filled with the references that its text names."""
    line = get_line(public_id)
    parts = [
        operations.SplitPart(instalment.open_satang, instalment.reference)
        for instalment in queries.find_split(line)
    ]
    return _split_page(line, SplitForm(gift_funds_of(line), parts))


@blueprint.post("/lines/<public_id>/split")
@requires(Permission.STATEMENT_MATCH)
def split_line(public_id: str) -> Answer:
    """Split the line; the button that adds a row keeps what was typed."""
    form = SplitForm(gift_funds_of(get_line(public_id)))
    if "add" in request.form:
        form.add_part()
        return _split_page(get_line(public_id), form), 200
    return _submit_line(
        form,
        public_id,
        lambda: operations.split_line(
            public_id, [row.part for row in form.filled], actor=current_actor()
        ),
        done=lambda matches: redirect_with(
            ngettext(
                "The line is matched, and %(num)s receipt is issued.",
                "The line is matched in parts, and %(num)s receipts are issued.",
                len(matches),
            ),
            _url_to_return_to(form, public_id),
        ),
        page=lambda: _split_page(get_line(public_id), form),
    )


@blueprint.post("/lines/<public_id>/charge")
@requires(Permission.STATEMENT_MATCH)
def charge(public_id: str) -> Answer:
    """Book the line as the bank's fee or interest."""
    return _submit(LineForm(), _("The line is booked."), operations.book_charge, public_id)


@blueprint.post("/lines/<public_id>/suspense")
@requires(Permission.STATEMENT_MATCH)
def suspense(public_id: str) -> Answer:
    """Book the line as money that waits, or that waits no longer."""
    form = SuspenseForm(waiting_of(get_line(public_id)))
    message = _("The line is booked.")
    return _submit(form, message, operations.book_suspense, public_id, waiting=form.waiting.member)


@blueprint.post("/lines/<public_id>/move")
@requires(Permission.STATEMENT_MATCH)
def move(public_id: str) -> Answer:
    """Book the line as the fund's own money, moved to or from another of its accounts."""
    line = get_line(public_id)
    form = MoveForm(queries.list_moves_of_line(line))
    chosen, values = form.chosen, {}
    if chosen is not None:
        other = chosen.from_account if line.deposit_satang else chosen.to_account
        values = {"fund_code": chosen.fund.code, "other_account_code": other.code}
        if chosen.other_line is not None:
            values["other_line"] = chosen.other_line.public_id
    return _submit(form, _("The line is booked."), operations.book_transfer, public_id, **values)


@blueprint.post("/lines/<public_id>/return")
@requires(Permission.STATEMENT_MATCH)
def book_return(public_id: str) -> Answer:
    """Book the line as the return of a gift that the bank took back."""
    form, actor = LineReturnForm(queries.list_returnable(get_line(public_id))), current_actor()
    return _submit_line(
        form,
        public_id,
        lambda: operations.book_return(
            public_id,
            payment_public_id=form.payment.data,
            reason=form.return_reason.value,
            actor=actor,
        ),
        done=lambda _match: redirect_with(
            _("It is booked that the bank took the money back. The receipt is void but kept."),
            _url_to_return_to(form, public_id),
        ),
        page=lambda: line_page(public_id, form),
    )


@blueprint.post("/lines/<public_id>/comeback")
@requires(Permission.STATEMENT_MATCH)
def book_comeback(public_id: str) -> Answer:
    """Book the line as help that the bank sent back."""
    form, actor = LineComebackForm(queries.list_comebacks(get_line(public_id))), current_actor()
    return _submit_line(
        form,
        public_id,
        lambda: operations.book_comeback(
            public_id, payout_public_id=form.payout.data, reason=form.reason.data, actor=actor
        ),
        done=lambda _match: redirect_with(
            _("It is booked that the money came back. The request is with the person who asked."),
            _url_to_return_to(form, public_id),
        ),
        page=lambda: line_page(public_id, form),
    )


@blueprint.post("/lines/<public_id>/share-back")
@requires(Permission.STATEMENT_MATCH)
def book_share_back(public_id: str) -> Answer:
    """Book the line as shares of children that a payee gave back."""
    form, actor = LineShareForm(), current_actor()
    return _submit_line(
        form,
        public_id,
        lambda: operations.book_share_return(
            public_id,
            voucher=form.voucher_number,
            codes=form.codes.value,
            reason=form.reason.data,
            actor=actor,
        ),
        done=lambda _match: redirect_with(
            _("It is booked that the shares came back. The rest of the payment stays."),
            _url_to_return_to(form, public_id),
        ),
        page=lambda: line_page(public_id, form),
    )


@blueprint.post("/lines/<public_id>/hold")
@requires(Permission.STATEMENT_MATCH)
def hold(public_id: str) -> Answer:
    """Put the line on hold."""
    return _submit_reason(_("The line is on hold."), operations.hold_line, public_id)


@blueprint.post("/lines/<public_id>/ignore")
@requires(Permission.STATEMENT_MATCH)
def ignore(public_id: str) -> Answer:
    """Leave the line out, with the reason."""
    return _submit_reason(_("The line is left out."), operations.ignore_line, public_id)


@blueprint.post("/lines/<public_id>/release")
@requires(Permission.STATEMENT_MATCH)
def release(public_id: str) -> Answer:
    """Let the line be matched again."""
    message = _("The line waits to be matched again.")
    return _submit(LineForm(), message, operations.release_line, public_id)


@blueprint.post("/lines/<public_id>/unmatch")
@requires(Permission.STATEMENT_MATCH)
def unmatch(public_id: str) -> Answer:
    """Undo the match of the line, with the reason; tell what that undid."""
    form = ReasonForm()
    return _submit_line(
        form,
        public_id,
        lambda: operations.unmatch_line(
            public_id, reason=form.reason.data, code=form.code.value, actor=current_actor()
        ),
        done=lambda undone: redirect_with(
            " ".join(_undone_texts(undone)), _url_to_return_to(form, public_id)
        ),
        page=lambda: line_page(public_id, form),
    )


def _undone_texts(undone: operations.UndoneMatch) -> list[str]:
    """What was undone, and what stays."""
    texts = [_("The match is undone, and the line waits to be matched.")]
    if undone.reversed_payments:
        texts.append(
            ngettext(
                "%(num)s gift that it had recorded is reversed, and its receipt is void.",
                "%(num)s gifts that it had recorded are reversed, and their receipts are void.",
                undone.reversed_payments,
            )
        )
    if undone.kept_payments:
        texts.append(
            ngettext(
                "%(num)s recorded payment stays, with its receipt.",
                "%(num)s recorded payments stay, with their receipts.",
                undone.kept_payments,
            )
        )
    if undone.reversed_entries:
        texts.append(_("The entry that it had made is reversed."))
    if undone.kept_others:
        texts.append(_("The payout or entry that it belonged to stays as it is."))
    return texts


def _submit_reason(message: str, operation: Callable[..., Any], public_id: str) -> Answer:
    form = ReasonForm()
    return _submit(
        form, message, operation, public_id, reason=form.reason.data, code=form.code.value
    )


def _submit(
    form: LineForm, message: str, operation: Callable[..., Any], public_id: str, **values: Any
) -> Answer:
    """Carry out ``operation`` on the line; what the rules refuse is shown on the line's page."""
    return _submit_line(
        form,
        public_id,
        lambda: operation(public_id, actor=current_actor(), **values),
        done=lambda _result: redirect_with(message, _url_to_return_to(form, public_id)),
        page=lambda: line_page(public_id, form),
    )


def _submit_line(
    form: LineForm,
    public_id: str,
    work: Callable[[], T],
    *,
    done: Callable[[T], Answer],
    page: Callable[[], str],
) -> Answer:
    """As `submit`. Where somebody else has dealt with the line meanwhile, the reader goes on in the
    list and is told who did what; where with what it was to be matched, the line is shown again.
    """

    def go_on(error: StaleError) -> Answer:
        line = get_line(public_id)
        if isinstance(error, LineTakenError) or line.status not in OPEN_STATUSES:
            text = taken_text(line) or translated(error)
            return redirect_with(text, _url_to_return_to(form, public_id), "warning")
        url = url_for("banking.line", public_id=public_id, **form.origin)
        return redirect_with(translated(error), url, "warning")

    return submit(form, work, done=done, page=page, stale=go_on)


def _url_to_return_to(form: LineForm, public_id: str) -> str:
    if form.back.data == "lines":
        return url_for("banking.lines", **form.list_page)
    if form.back.data == "statement":
        line, shown = get_line(public_id), form.list_page
        if form.place.data == public_id:
            shown["after"] = shown["after"] or find_page(line)
        return url_for("banking.statement", public_id=line.statement.public_id, **shown)
    origin = LineForm(request.args).origin
    return url_for("banking.line", public_id=public_id, **origin)


def _split_page(line: StatementLine, form: SplitForm) -> str:
    still_open = line.open_satang - form.sum_satang
    return page(
        "split",
        line=line,
        form=form,
        origin=origin_of_request(),
        still_open=still_open,
        most_parts=MOST_PARTS,
    )
