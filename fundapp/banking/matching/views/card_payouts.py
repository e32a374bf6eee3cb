"""What the card processor paid out, proved against the bank."""

from flask import request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking.matching import operations, queries
from fundapp.banking.matching.forms import PayoutLineForm
from fundapp.banking.views.blueprint import blueprint, page
from fundapp.giving.queries import find_card_payout, waiting_at_processor
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.queries import list_funds
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/card-payouts")
@requires(Permission.STATEMENT_READ)
def card_payouts() -> str:
    """The newest payouts, and what the processor still holds; ``?state=waiting`` shows those that
    the bank does not have yet.
    """
    is_waiting = request.args.get("state") == "waiting"
    rows = queries.list_payout_rows(is_waiting=is_waiting)
    held = waiting_at_processor()
    return page("card_payouts", rows=rows, held_satang=held, is_waiting=is_waiting)


@blueprint.get("/card-payouts/<payout_id>")
@requires(Permission.STATEMENT_READ)
def card_payout(payout_id: str) -> str:
    """One payout: charges − fees − refunds − disputes, and its line in the bank."""
    return _page(payout_id, PayoutLineForm())


@blueprint.post("/card-payouts/<payout_id>/match")
@requires(Permission.STATEMENT_MATCH)
def match_card_payout(payout_id: str) -> Answer:
    """Book it with a line of the bank."""
    form, actor = PayoutLineForm(), current_actor()
    return submit(
        form,
        lambda: operations.match_card_payout(payout_id, line=form.line.data, actor=actor),
        done=lambda _match: redirect_with(
            _("The payout is booked, and its line is matched."),
            url_for("banking.card_payout", payout_id=payout_id),
        ),
        page=lambda: _page(payout_id, form),
    )


def _page(payout_id: str, form: PayoutLineForm) -> str:
    payout, entry = find_card_payout(payout_id), queries.find_payout_entry(payout_id)
    return page(
        "card_payout",
        payout=payout,
        form=form,
        number=entry_number(entry.id) if entry else None,
        line=queries.find_payout_line(entry.id) if entry else None,
        lines=[] if entry else queries.list_payout_lines(payout.arrives_on, payout.amount_satang),
        funds={fund.code: fund for fund in list_funds()},
    )
