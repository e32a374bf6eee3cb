"""A line that an agency, school or company sent for many givers, with their list."""

from flask import url_for
from flask_babel import ngettext

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking.matching import operations
from fundapp.banking.matching.money_forms import LineGiversForm
from fundapp.banking.matching.views.lines import gift_funds_of
from fundapp.banking.statement_files.queries import get_line
from fundapp.banking.views.blueprint import blueprint, page
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/lines/<public_id>/givers")
@requires(Permission.STATEMENT_MATCH)
def line_givers(public_id: str) -> str:
    """The form for the list."""
    return _givers_page(public_id, LineGiversForm(gift_funds_of(get_line(public_id))))


@blueprint.post("/lines/<public_id>/givers")
@requires(Permission.STATEMENT_MATCH)
def match_givers(public_id: str) -> Answer:
    """Record a gift of each giver."""
    form, actor = LineGiversForm(gift_funds_of(get_line(public_id))), current_actor()
    return submit(
        form,
        lambda: len(
            operations.match_givers(
                public_id, form.read.givers, fund_code=form.fund.data, actor=actor
            )
        ),
        done=lambda count: redirect_with(
            ngettext(
                "The line is matched, and %(num)s receipt is issued.",
                "The line is matched in parts, and %(num)s receipts are issued.",
                count,
            ),
            url_for("banking.line", public_id=public_id),
        ),
        page=lambda: _givers_page(public_id, form),
    )


def _givers_page(public_id: str, form: LineGiversForm) -> str:
    return page("givers", line=get_line(public_id), form=form)
