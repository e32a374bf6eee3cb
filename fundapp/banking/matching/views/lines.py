"""The lines of statements, and what each may belong to."""

from collections.abc import Sequence
from typing import Any

from flask import request

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking.filters import shows_text
from fundapp.banking.matching import queries
from fundapp.banking.matching.candidates import Candidate
from fundapp.banking.matching.forms import (
    GiftForm,
    LineComebackForm,
    LineFilter,
    LineForm,
    LineReturnForm,
    LineSearch,
    MoveForm,
    ReasonForm,
    SuspenseForm,
)
from fundapp.banking.matching.money_forms import LineShareForm
from fundapp.banking.matching.names import named_in
from fundapp.banking.matching.policy import charge_of, return_of, text_of
from fundapp.banking.matching.waiting import Waiting, possible_waiting
from fundapp.banking.matching.workflow import (
    OPEN_STATUSES,
    LineAction,
    is_line_action_possible,
)
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.statement_files.queries import (
    count_lines_by_status,
    find_open_day,
    get_statement,
    list_lines,
    list_stated,
    list_statement_lines,
)
from fundapp.banking.views.blueprint import blueprint, page
from fundapp.giving.queries import list_gift_funds
from fundapp.giving.slips.queries import get_slip
from fundapp.identity.actor_names import name_actors
from fundapp.ledger import chart
from fundapp.ledger.models import Fund
from fundapp.ledger.queries import list_funds
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.reader import WordsReader

#: Forms that have a place of their own on the page of a line.
_SHOWN_FORMS = (
    GiftForm,
    MoveForm,
    SuspenseForm,
    ReasonForm,
    LineReturnForm,
    LineComebackForm,
    LineShareForm,
)
#: Lines that the page of the money that waits shows.
_MOST_WAITING = 200


@blueprint.get("/statements/<public_id>")
@requires(Permission.STATEMENT_READ)
def statement(public_id: str) -> str:
    """The lines of a statement, each with what it may belong to."""
    statement = get_statement(public_id)
    status = LineFilter(request.args).status.member
    rows = list_statement_lines(statement.id, status=status, after=request.args.get("after"))
    return page(
        "statement",
        statement=statement,
        rows=rows,
        status=status,
        counts=count_lines_by_status([statement.id]).get(statement.id, {}),
        open_day=find_open_day(statement),
        certain=queries.count_certain(statement.id),
        values=_line_values(rows.rows),
    )


@blueprint.get("/lines")
@requires(Permission.STATEMENT_READ)
def lines() -> str:
    """Lines of all statements in one state, the oldest first."""
    status = LineFilter(request.args).status.member or LineStatus.UNMATCHED
    rows = list_lines(status, after=request.args.get("after"))
    return page("lines", rows=rows, status=status, values=_line_values(rows.rows))


@blueprint.get("/lines/<public_id>")
@requires(Permission.STATEMENT_READ)
def line(public_id: str) -> str:
    """One line."""
    return line_page(public_id)


@blueprint.post("/lines/<public_id>")
@requires(Permission.STATEMENT_READ)
def search_line(public_id: str) -> str:
    """The line with the results of a search; a donor's name must not be in an address."""
    return line_page(public_id)


def line_page(public_id: str, sent: LineForm | None = None) -> str:
    """The page of a line; ``sent`` is a form that was refused."""
    history = queries.get_line_history(public_id)
    line = history.line
    search, origin = LineSearch(request.form), origin_of_request()
    search.validate()
    returnable = queries.list_returnable(line) if line.status in OPEN_STATUSES else []
    comebacks = queries.list_comebacks(line) if line.status in OPEN_STATUSES else []
    values = _line_values([line])
    gift = GiftForm(gift_funds_of(line), values["givers"].get(line.id, ""))
    return page(
        "line",
        history=history,
        line=line,
        origin=origin,
        place=origin or {"back": "statement", "place": line.public_id},
        stated=list_stated(line.id),
        search=search,
        results=queries.search_candidates(line, search.q.data),
        gift_form=sent if isinstance(sent, GiftForm) else gift,
        move_form=sent if isinstance(sent, MoveForm) else MoveForm(_moves(line)),
        suspense_form=sent if isinstance(sent, SuspenseForm) else SuspenseForm(waiting_of(line)),
        reason_form=sent if isinstance(sent, ReasonForm) else ReasonForm(),
        return_form=sent
        if isinstance(sent, LineReturnForm)
        else LineReturnForm(returnable, return_of(line)),
        returned=return_of(line),
        comeback_form=sent if isinstance(sent, LineComebackForm) else LineComebackForm(comebacks),
        share_form=sent if isinstance(sent, LineShareForm) else LineShareForm(),
        may_be_shares=line.status in OPEN_STATUSES and queries.could_be_shares(line),
        button_form=None if isinstance(sent, _SHOWN_FORMS) else sent,
        may={action.value: is_line_action_possible(line.status, action) for action in LineAction},
        slips=[
            get_slip(each.slip_id) for each in values["candidates"].get(line.id, []) if each.slip_id
        ],
        people=name_actors(detail.match.matched_by for detail in history.matches),
        **values,
    )


def origin_of_request() -> dict[str, Any]:
    """The list from which the reader came to a line, as its address or the form that was sent says;
    empty where there is none.
    """
    return LineForm(request.values).origin


def gift_funds_of(line: StatementLine) -> list[Fund]:
    """The funds that take gifts and keep their money in the line's account."""
    account_code = line.statement.bank_account.account_code
    return [fund for fund in list_gift_funds() if fund.keeps_in(account_code)]


def waiting_of(line: StatementLine) -> list[Waiting]:
    """What a line can do with the money that waits; nothing where no fund keeps money."""
    fund = queries.find_first_fund(line.statement.bank_account.account_code)
    return possible_waiting(fund, line.deposit_satang - line.withdrawal_satang) if fund else []


@blueprint.get("/waiting")
@requires(Permission.STATEMENT_READ)
def waiting_money() -> str:
    """The money that waits in the books: how much of each fund, and the lines nobody recognised."""
    lines, funds = queries.list_waiting(), {fund.code: fund for fund in list_funds()}
    return page(
        "waiting",
        rows=lines[:_MOST_WAITING],
        more=len(lines[_MOST_WAITING:]),
        sums=[
            (funds[fund_code], account_code, satang)
            for (fund_code, account_code), satang in sorted(queries.sum_waiting().items())
        ],
        kept_apart=chart.INTEREST_KEPT_APART,
    )


def _moves(line: StatementLine) -> list[queries.OwnMove]:
    """The moves between accounts that an open line may be; reading balances takes a moment."""
    is_open = is_line_action_possible(line.status, LineAction.MATCH)
    return queries.list_moves_of_line(line) if is_open else []


def _line_values(lines: Sequence[StatementLine]) -> dict[str, Any]:
    """What templates show with each line, by the id of the line."""
    candidates = queries.list_candidates(lines)
    aside = [line.public_id for line in lines if line.status_reason and shows_text(line)]
    return {
        "asides": WordsReader(current_actor()).of_subjects(
            "statement_line", aside, RemarkKind.LINE
        ),
        "candidates": candidates,
        "matches": queries.list_active_matches(lines),
        "comebacks": queries.find_comebacks(
            [line for line in lines if line.status in OPEN_STATUSES and not candidates.get(line.id)]
        ),
        "charges": {line.id: charge_of(line) for line in lines},
        "givers": {line.id: _giver(line, candidates.get(line.id, [])) for line in lines},
        "splits": {line.id: queries.find_split(line) for line in lines},
    }


def _giver(line: StatementLine, candidates: Sequence[Candidate]) -> str:
    """The name that the bank gives of a deposit that is nobody's known; empty when it is."""
    is_known = bool(candidates) and not candidates[0].is_of_another
    if not line.deposit_satang or charge_of(line) is not None or is_known:
        return ""
    return named_in(text_of(line)) or ""
