"""The pages of statements, and the same as files."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from fundapp.access.marks import fresh_factor_for_file, requires
from fundapp.access.permissions import Permission
from fundapp.audit.forms import AccountFilter, FundFilter, JournalFilter, LedgerFilter
from fundapp.audit.statements import lists
from fundapp.audit.statements.attribution import part_of_campaign, part_of_district
from fundapp.audit.statements.description import Behind, BookStatement, Link
from fundapp.audit.statements.files import as_file
from fundapp.audit.statements.parts import campaign_name, district_name
from fundapp.audit.statements.registry import KINDS, StatementKind
from fundapp.audit.views.blueprint import blueprint, read_filter
from fundapp.identity import sessions
from fundapp.ledger import queries as ledger
from fundapp.ledger.queries import PageKey, SpanPart
from fundapp.markers import N_
from fundapp.web.downloads import wanted_file
from fundapp.web.locale import LOCALES, locale_code

PAGE_SIZE = 50
#: As many rows as a person can ask a spreadsheet for, and a paper; the export has all.
MOST_LINES = {"csv": 50_000, "xlsx": 50_000, "pdf": 1_000}
MOST_ENTRIES = {"csv": 20_000, "xlsx": 20_000, "pdf": 1_000}

Page = str | tuple[str, int] | Response


def _journal(form: JournalFilter) -> BookStatement:
    size = MOST_ENTRIES.get(wanted_file() or "", PAGE_SIZE)
    rows = ledger.journal_page(
        from_on=form.first_day,
        to_on=form.last_day,
        kind=form.entry_kind,
        fund_code=form.fund_code,
        after=PageKey.parse(request.args.get("after")),
        newest_first=form.newest_first,
        limit=size + 1,
    )
    more = rows[size - 1].key if len(rows) > size else None
    return lists.journal(rows[:size], (form.first_day, form.last_day), form.fund_code, more)


def _ledger(form: AccountFilter, codes: list[str], part: SpanPart | None = None) -> BookStatement:
    size = MOST_LINES.get(wanted_file() or "", PAGE_SIZE)
    after = PageKey.parse(request.args.get("after"))
    return lists.general_ledger(replace(form.span(codes), part=part), after, size)


_JOURNAL = StatementKind(
    "journal",
    N_("Journal"),
    N_(
        "Every entry of the books with its postings. "
        "Entries are never changed; a mistake is reversed by a new entry."
    ),
    JournalFilter,
    _journal,
)
_ACCOUNT_LEAD = N_("General ledger with running balance, in the order of the books.")
_PART_LEAD = N_("The entries of these days that belong here, and what they add up to.")
_LEDGER = StatementKind(
    "general-ledger",
    N_("General ledger"),
    N_("The entries of some accounts together, and what they add up to."),
    LedgerFilter,
    lambda form: _ledger(form, form.codes()),
)


@blueprint.get("/statements")
@requires(Permission.JOURNAL_READ)
def statements() -> str:
    """Every statement with what it tells."""
    kinds = (*KINDS, _JOURNAL, _LEDGER)
    rows = [(url_for(f"audit.{kind.view}"), _(kind.title), _(kind.lead)) for kind in kinds]
    return render_template("audit/statements/list.html", rows=rows)


@blueprint.get("/journal")
@requires(Permission.JOURNAL_READ)
@fresh_factor_for_file
def journal() -> Page:
    """Entries with their postings, page by page."""
    return _answer(_JOURNAL, JournalFilter(request.args, ledger.list_funds()))


@blueprint.get("/general-ledger")
@requires(Permission.JOURNAL_READ)
@fresh_factor_for_file
def general_ledger() -> Page:
    """The entries behind a figure: of accounts, with what they add up to."""
    return _answer(_LEDGER, LedgerFilter(request.args, ledger.list_funds()))


@blueprint.get("/accounts/<code>")
@requires(Permission.JOURNAL_READ)
@fresh_factor_for_file
def account(code: str) -> Page:
    """The general ledger of one account with its running balance."""
    chosen = ledger.get_account(code)
    kind = StatementKind(
        "accounts", "", _ACCOUNT_LEAD, AccountFilter, lambda form: _ledger(form, [code])
    )
    return _answer(kind, AccountFilter(request.args, ledger.list_funds()), account=chosen)


@blueprint.get("/help-by-district/<code>")
@requires(Permission.JOURNAL_READ)
@fresh_factor_for_file
def help_of_district(code: str) -> Page:
    """The entries behind a figure of help by district."""
    return _part_answer(N_("Help of a district"), district_name(code), part_of_district(code))


@blueprint.get("/receipts-by-campaign/<slug>")
@requires(Permission.JOURNAL_READ)
@fresh_factor_for_file
def receipts_of_campaign(slug: str) -> Page:
    """The entries behind a figure of receipts by campaign."""
    return _part_answer(N_("Receipts of a campaign"), campaign_name(slug), part_of_campaign(slug))


def _page_of(kind: StatementKind) -> Callable[[], Page]:
    @requires(Permission.JOURNAL_READ)
    def show() -> Page:
        return _answer(kind, kind.filter(request.args, ledger.list_funds()))

    return show


for _kind in KINDS:
    blueprint.add_url_rule(f"/{_kind.address}", _kind.view, _page_of(_kind))


def _part_answer(title: str, name: str, part: SpanPart) -> Page:
    def make(form: LedgerFilter) -> BookStatement:
        statement = _ledger(form, form.codes(), part)
        return replace(statement, title=_(title), whose=f"{name} · {statement.whose}")

    form = LedgerFilter(request.args, ledger.list_funds())
    return _answer(StatementKind("", title, _PART_LEAD, LedgerFilter, make), form)


def _answer(kind: StatementKind, form: FundFilter, **more: Any) -> Page:
    """The statement as a page or a file; with 422 where the filter cannot be understood."""
    read_filter(form)
    if not form.validate():
        body = render_template(
            "audit/statements/show.html", form=form, refused=True, **_words(kind), **more
        )
        return body, 422
    wanted = wanted_file()
    if wanted:
        asked = request.args.get("language")
        with force_locale(asked if asked in LOCALES else locale_code()):
            return as_file(kind.make(form), wanted, sessions.signed_in_user().name)
    return render_template(
        "audit/statements/show.html",
        form=form,
        statement=kind.make(form),
        shortages=ledger.list_shortages().values() if kind.view == "funds" else (),
        funds={fund.code: fund for fund in ledger.list_funds()},
        link_url=link_url,
        **_words(kind),
        **more,
    )


def _words(kind: StatementKind) -> dict[str, str]:
    return {"title": _(kind.title) if kind.title else "", "lead": _(kind.lead)}


def link_url(link: Link) -> str:
    """The address of the entries behind a figure, or of a page."""
    if not isinstance(link, Behind):
        return url_for(link.endpoint, **dict[str, Any](link.values))
    values: dict[str, Any] = {
        "from_on": link.from_on.isoformat(),
        "to_on": link.to_on.isoformat(),
        "fund": link.fund_code,
        "sum": None if link.is_natural else str(link.sum),
        "year_ends": None if link.with_year_ends else "out",
    }
    if link.page:
        values |= {"accounts": ",".join(link.accounts), "sum": str(link.sum), **link.page.values}
        return url_for(link.page.endpoint, **values)
    if link.single_account:
        return url_for("audit.account", code=link.single_account, **values)
    return url_for("audit.general_ledger", accounts=",".join(link.accounts), **values)
