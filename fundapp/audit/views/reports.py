"""Statements as of a day or for a period: trial balance, accounts, funds, activities."""

from collections import Counter
from collections.abc import Sequence

from flask import render_template, request
from flask_babel import gettext as _

from fundapp.access.marks import fresh_factor_for_file, requires
from fundapp.access.permissions import Permission
from fundapp.audit import queries
from fundapp.audit.forms import AsOfFilter, PeriodFilter
from fundapp.audit.views.blueprint import blueprint, read_filter, refused
from fundapp.audit.views.journal import PAGE_SIZE, Page
from fundapp.csv_safety import Cell, baht_cell
from fundapp.ledger import queries as ledger
from fundapp.web.downloads import csv_download, wants_csv
from fundapp.web.locale import localized

MOST_CSV_LINES = 50_000


@blueprint.get("/trial-balance")
@requires(Permission.JOURNAL_READ)
def trial_balance() -> Page:
    """Every account with movement and its closing balance."""
    form = read_filter(AsOfFilter(request.args, ledger.list_funds()))
    if not form.validate():
        return refused("audit/trial_balance.html", form)
    rows = ledger.trial_balance(form.day, form.fund_code)
    if wants_csv():
        header = ("code", "name", "debit_baht", "credit_baht")
        cells = [
            (
                r.account.code,
                localized(r.account),
                baht_cell(r.debit_satang),
                baht_cell(r.credit_satang),
            )
            for r in rows
        ]
        return csv_download(f"trial-balance-{form.day}", header, cells)
    return render_template("audit/trial_balance.html", form=form, rows=rows)


@blueprint.get("/accounts")
@requires(Permission.JOURNAL_READ)
def accounts() -> Page:
    """The chart of accounts with balances."""
    form = read_filter(AsOfFilter(request.args, ledger.list_funds()))
    if not form.validate():
        return refused("audit/accounts.html", form)
    balances = {
        row.account.code: ledger.natural_sign(row.account.type) * row.balance_satang
        for row in ledger.trial_balance(form.day, form.fund_code)
    }
    chart = ledger.list_accounts()
    if wants_csv():
        cells = [
            (a.code, localized(a), str(a.type), baht_cell(balances.get(a.code, 0))) for a in chart
        ]
        return csv_download(f"accounts-{form.day}", ("code", "name", "type", "balance_baht"), cells)
    totals: Counter[str] = Counter()
    for account in chart:
        totals[account.type] += balances.get(account.code, 0)
    return render_template(
        "audit/accounts.html", form=form, accounts=chart, balances=balances, totals=totals
    )


@blueprint.get("/accounts/<code>")
@requires(Permission.JOURNAL_READ)
@fresh_factor_for_file
def account(code: str) -> Page:
    """The general ledger of one account with its running balance."""
    form = read_filter(PeriodFilter(request.args, ledger.list_funds()))
    chosen = ledger.get_account(code)
    if not form.validate():
        return render_template("audit/account.html", form=form, account=chosen, refused=True), 422
    page = ledger.account_page(
        code,
        from_on=form.first_day,
        to_on=form.last_day,
        fund_code=form.fund_code,
        after=ledger.PageKey.parse(request.args.get("after")),
        limit=MOST_CSV_LINES if wants_csv() else PAGE_SIZE,
    )
    if wants_csv():
        return _account_csv(page)
    return render_template(
        "audit/account.html",
        form=form,
        account=chosen,
        page=page,
        accounts=queries.accounts_by_code(),
        funds=queries.funds_by_code(),
    )


@blueprint.get("/funds")
@requires(Permission.JOURNAL_READ)
def funds() -> Page:
    """The position of each fund on a day."""
    form = read_filter(AsOfFilter(request.args, ledger.list_funds()))
    if not form.validate():
        return refused("audit/funds.html", form)
    positions = ledger.fund_balances(form.day)
    if wants_csv():
        return _funds_csv(f"funds-{form.day}", positions)
    return render_template(
        "audit/funds.html",
        form=form,
        positions=positions,
        shortages=ledger.list_shortages().values(),
        funds=queries.funds_by_code(),
    )


@blueprint.get("/activities")
@requires(Permission.JOURNAL_READ)
def activities() -> Page:
    """Income, expenses and the change in net assets of each fund in a period."""
    form = read_filter(PeriodFilter(request.args, ledger.list_funds()))
    if not form.validate():
        return refused("audit/activities.html", form)
    activities = ledger.activities(form.first_day, form.last_day)
    if wants_csv():
        return _activities_csv(f"activities-{form.first_day}-{form.last_day}", activities)
    return render_template("audit/activities.html", form=form, activities=activities)


def _account_csv(page: ledger.AccountPage) -> Page:
    header = (
        "day", "entry", "kind", "memo", "fund", "other_account",
        "debit_baht", "credit_baht", "balance_baht",
    )  # fmt: skip
    opening = ("", "", "", _("Brought forward"), "", "", None, None, baht_cell(page.opening_satang))
    lines = [
        (
            line.key.entry_on.isoformat(),
            line.number,
            str(line.kind),
            line.memo,
            line.fund_code,
            line.other_account_code,
            baht_cell(line.debit_satang),
            baht_cell(line.credit_satang),
            baht_cell(line.balance_satang),
        )
        for line in page.lines
    ]
    return csv_download(f"account-{page.account.code}", header, [opening, *lines])


def _funds_csv(name: str, positions: list[ledger.FundPosition]) -> Page:
    header = (
        "fund", "name", "brought_forward_baht", "income_baht", "expense_baht", "net_assets_baht",
        "assets_baht", "liabilities_baht",
    )  # fmt: skip
    cells = [
        (
            p.fund.code,
            localized(p.fund),
            baht_cell(p.brought_forward_satang),
            baht_cell(p.income_satang),
            baht_cell(p.expense_satang),
            baht_cell(p.net_assets_satang),
            baht_cell(p.assets_satang),
            baht_cell(p.liabilities_satang),
        )
        for p in positions
    ]
    return csv_download(name, header, cells)


def _activities_csv(name: str, activities: ledger.Activities) -> Page:
    codes = [fund.code for fund in activities.funds]
    cells: list[Sequence[Cell]] = [
        (
            row.account.code,
            localized(row.account),
            *(baht_cell(row.by_fund[code]) for code in codes),
            baht_cell(row.total_satang),
        )
        for row in (*activities.income, *activities.expense)
    ]
    return csv_download(name, ("code", "name", *codes, "total_baht"), cells)
