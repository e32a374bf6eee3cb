"""The public ledger as a page and as files."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from flask import Response, render_template, request, url_for

from fundapp import clock
from fundapp.access.marks import public
from fundapp.csv_safety import csv_lines
from fundapp.errors import NotFoundError
from fundapp.ledger.models import Fund
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries import list_accounts, list_funds
from fundapp.paging import Page
from fundapp.places.queries import list_districts
from fundapp.transparency import queries
from fundapp.transparency.forms import PublicLedgerFilter
from fundapp.transparency.queries.public_ledger import (
    IncomeLine,
    LineKey,
    list_income,
    list_spent,
)
from fundapp.transparency.views.blueprint import blueprint
from fundapp.web.downloads import BYTE_ORDER_MARK
from fundapp.web.filters import month as month_text
from fundapp.web.locale import localized
from fundapp.web.public_pages import public_page
from fundapp.web.remembered_pages import Draft

PAGE_SIZE, FILE_SIZE = 50, 1_000
#: Months that the page offers; older ones have their address.
_MONTHS_OFFERED = 60
_EARLIEST = date(2000, 1, 1)
_ASKED = ("fund", "month", "after")
_HEADER = ("day", "entry", "kind", "account", "satang")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for."""

    fund: Fund
    month: date
    after: LineKey | None

    def income(self, limit: int) -> Page[IncomeLine]:
        """That part of what came in."""
        return list_income(self.fund.code, self.month, self.after, limit)

    def url(self, endpoint: str, after: str | None = None) -> str:
        """The address of the same fund and month."""
        of_month = f"{self.month:%Y-%m}"
        return url_for(endpoint, fund=self.fund.code, month=of_month, after=after)


@blueprint.get("/ledger/public")
@public
def public_ledger() -> Response:
    """What came into a fund in a month, and what is published of what went out."""
    return public_page(queries.books_version, lambda: Draft(_page()), asked=_ASKED)


@blueprint.get("/ledger/public.csv")
@public
def public_ledger_csv() -> Response:
    """What came in, for a spreadsheet: a thousand lines, and the address of the next ones."""
    asked = _asked()
    page = asked.income(FILE_SIZE)
    lines = csv_lines(_HEADER, (list(_cells(line).values()) for line in page.rows))
    text = BYTE_ORDER_MARK + "".join(lines)
    return _linked(Response(text, content_type="text/csv; charset=utf-8"), asked, page)


@blueprint.get("/ledger/public.json")
@public
def public_ledger_json() -> Response:
    """Both parts for a program: a thousand lines of what came in, and the address of the next."""
    asked = _asked()
    page = asked.income(FILE_SIZE)
    document = {
        "fund": asked.fund.code,
        "month": f"{asked.month:%Y-%m}",
        "came_in": [_cells(line) for line in page.rows],
        "published_as_spent": [
            {"kind": str(line.kind), "district": line.district_code, "satang": line.satang}
            for line in list_spent(asked.fund.code, asked.month)
        ],
        "published_until": _day_text(queries.last_published_day()),
        "next": page.next_key and asked.url(request.endpoint or "", page.next_key),
    }
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    return _linked(Response(text, content_type="application/json"), asked, page)


def _page() -> str:
    asked = _asked()
    accounts = {account.code: account for account in list_accounts()}
    return render_template(
        "transparency/public_ledger.html",
        asked=asked,
        form=_filter(asked),
        page=asked.income(PAGE_SIZE),
        spent=list_spent(asked.fund.code, asked.month),
        accounts=accounts,
        districts={district.code: district for district in list_districts()},
        until=queries.last_published_day(),
        month=month_text,
        before=_month_before(asked.month),
    )


def _asked() -> _Asked:
    """Fund and month of the address, the first fund and this month where it names none. Raises
    NotFoundError for others, and where there is no fund.
    """
    funds = {fund.code: fund for fund in list_funds()}
    code = request.args.get("fund") or next(iter(funds), "")
    text = request.args.get("month") or f"{clock.today():%Y-%m}"
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFoundError from None
    if code not in funds or not _EARLIEST <= month <= clock.today():
        raise NotFoundError
    return _Asked(funds[code], month, LineKey.read(request.args.get("after")))


def _filter(asked: _Asked) -> PublicLedgerFilter:
    months = list(islice(_months_back(month_start(clock.today())), _MONTHS_OFFERED))
    offered = sorted({*months, asked.month}, reverse=True)
    chosen = {"fund": asked.fund.code, "month": f"{asked.month:%Y-%m}"}
    form = PublicLedgerFilter(data=chosen)
    return form.offer(
        {fund.code: localized(fund) for fund in list_funds()},
        {f"{month:%Y-%m}": month_text(month) for month in offered},
    )


def _months_back(month: date) -> Iterable[date]:
    while month >= _EARLIEST:
        yield month
        month = _month_before(month)


def _month_before(month: date) -> date:
    return month_start(month - timedelta(days=1))


def _cells(line: IncomeLine) -> dict[str, str | int]:
    values = (line.key.day.isoformat(), line.number, str(line.kind), line.account_code, line.satang)
    return dict(zip(_HEADER, values, strict=True))


def _day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _linked(response: Response, asked: _Asked, page: Page[IncomeLine]) -> Response:
    """With the address of the next lines, where there are any."""
    if page.next_key:
        following = asked.url(request.endpoint or "", page.next_key)
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response
