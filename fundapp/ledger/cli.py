"""``flask ledger …``: the books from the command line."""

import json
import re
from datetime import date
from typing import Any, BinaryIO

import click
from flask import current_app
from flask.cli import AppGroup

from fundapp import clock
from fundapp.csv_safety import csv_lines
from fundapp.db import unit_of_work
from fundapp.errors import DomainError, NotFoundError
from fundapp.ledger import exports, operations, queries
from fundapp.ledger.canonical import clean_text
from fundapp.ledger.chart import USUAL_ACCOUNTS, FundAccounts
from fundapp.ledger.kinds import CLOSED, FUND_OPENING, LET_GO_LIMIT, PERIOD_CLOSING, opening_values
from fundapp.ledger.models import AccountType, Restriction
from fundapp.ledger.periods import month_start
from fundapp.ledger.policy import may_close_period, may_open_fund
from fundapp.money import MoneyError, format_baht, parse_baht
from fundapp.proposals.commands import command_actor, proposed_sentence
from fundapp.proposals.operations import make_proposal
from fundapp.thai.calendar import parse_day

_LONGEST_NAME = 200

cli = AppGroup("ledger", help="Funds, periods, exports and the trial balance.")


class DayParameter(click.ParamType[date]):
    """A day, in B.E. or C.E.: 2026-11-24, 24/11/2569."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day that ``value`` names."""
        if isinstance(value, date):
            return value
        try:
            return parse_day(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _fund_code(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9-]{0,19}", value):
        raise click.BadParameter("use 1 to 20 capital letters, digits and hyphens, a letter first")
    return value


def _name(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    cleaned = clean_text(value)
    if not 0 < len(cleaned) <= _LONGEST_NAME:
        raise click.BadParameter(f"write 1 to {_LONGEST_NAME} characters")
    return cleaned


@cli.command("export")
@click.option("--format", "format_name", type=click.Choice(list(exports.FORMATS)), required=True)
@click.option(
    "--output", type=click.File("wb"), default="-", help="A file; without it, the screen."
)
def export(format_name: str, output: BinaryIO) -> None:
    """Write the whole journal as it is now."""
    output.writelines(piece.encode("utf-8") for piece in exports.export_lines(format_name))


@cli.command("trial-balance")
@click.option("--as-of", type=DayParameter(), help="Last day that counts; today when left out.")
@click.option("--fund", "fund_code", help="Code of one fund; all funds when left out.")
@click.option("--format", "format_name", type=click.Choice(["csv", "json"]), default="csv")
def trial_balance(as_of: date | None, fund_code: str | None, format_name: str) -> None:
    """Every account with movement: its closing balance as a debit or a credit, in satang.

    The debits and the credits of all accounts add up to the same amount.
    """
    if fund_code is not None and fund_code not in _fund_codes():
        raise click.BadParameter(f"there is no fund {fund_code}", param_hint="--fund")
    day = as_of or clock.today()
    rows: list[dict[str, str | int]] = [
        {
            "code": row.account.code,
            "name": row.account.name_en,
            "debit_satang": row.debit_satang,
            "credit_satang": row.credit_satang,
        }
        for row in queries.trial_balance(day, fund_code)
    ]
    if format_name == "json":
        click.echo(json.dumps({"as_of": day.isoformat(), "accounts": rows}, indent=2))
        return
    header = ("code", "name", "debit_satang", "credit_satang")
    for line in csv_lines(header, ([row[name] for name in header] for row in rows)):
        click.echo(line, nl=False)


@cli.command("create-fund")
@click.argument("code", callback=_fund_code)
@click.option(
    "--restriction",
    type=click.Choice([restriction.value for restriction in Restriction]),
    required=True,
)
@click.option("--name-th", required=True, callback=_name)
@click.option("--name-en", required=True, callback=_name)
@click.option("--name-ms", required=True, callback=_name)
@click.option("--purpose-th", default="")
@click.option("--purpose-en", default="")
@click.option("--purpose-ms", default="")
@click.option("--position", type=click.IntRange(0, 1000), default=0, help="Place in lists.")
@click.option("--bank-account", "bank", multiple=True, metavar="CODE", help="E.g. 1121.")
@click.option("--cash-account", "cash", multiple=True, metavar="CODE", help="E.g. 1110.")
@click.option("--income-account", "income", metavar="CODE", help="Of its gifts, e.g. 4130.")
def create_fund(
    code: str,
    restriction: str,
    name_th: str,
    name_en: str,
    name_ms: str,
    purpose_th: str,
    purpose_en: str,
    purpose_ms: str,
    position: int,
    bank: tuple[str, ...],
    cash: tuple[str, ...],
    income: str | None,
) -> None:
    """Open the fund CODE; the code never changes.

    Accounts are those of the chart that the fund may use; left out, those that are usual for its
    restriction.
    """
    if code in _fund_codes():
        raise click.ClickException(f"There is a fund {code} already.")
    kind, actor = Restriction(restriction), command_actor(current_app.config)
    names, purposes = (name_th, name_en, name_ms), (purpose_th, purpose_en, purpose_ms)
    accounts = _accounts(kind, bank, cash, income)
    if not may_open_fund(actor):
        after = opening_values(kind, names, purposes, position, accounts)
        proposal = unit_of_work(make_proposal, FUND_OPENING, code, after, actor=actor)
        click.echo(proposed_sentence(proposal))
        return
    unit_of_work(
        operations.create_fund,
        code=code,
        restriction=kind,
        names=names,
        purposes=purposes,
        position=position,
        accounts=accounts,
        actor=actor,
    )
    click.echo(f"Fund {code} is open.")


@cli.command("let-go-limit")
@click.argument("code")
@click.argument("baht")
def let_go_limit(code: str, baht: str) -> None:
    """Let officers let go of up to BAHT of a pledge to the fund CODE at a time; 0: of nothing."""
    actor = command_actor(current_app.config)
    try:
        satang = 0 if baht == "0" else parse_baht(baht)
        if not may_open_fund(actor):
            after = {"satang": satang}
            proposal = unit_of_work(make_proposal, LET_GO_LIMIT, code, after, actor=actor)
            click.echo(proposed_sentence(proposal))
            return
        fund = unit_of_work(operations.set_let_go_limit, code, satang, actor=actor)
    except NotFoundError as error:
        raise click.ClickException(f"There is no fund {code}.") from error
    except (MoneyError, DomainError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Fund {fund.code} lets go of up to {format_baht(fund.let_go_limit_satang)} baht.")


@cli.command("close-period")
@click.argument("day", type=DayParameter())
def close_period(day: date) -> None:
    """Close the month of DAY; no entry can be posted into it any more."""
    actor = command_actor(current_app.config)
    try:
        if not may_close_period(actor):
            month = month_start(day).isoformat()
            proposal = unit_of_work(make_proposal, PERIOD_CLOSING, month, CLOSED, actor=actor)
            click.echo(proposed_sentence(proposal))
            return
        period = unit_of_work(operations.close_period, day, actor=actor)
    except NotFoundError as error:
        raise click.ClickException("The books have no such month.") from error
    click.echo(f"The month from {period.starts_on} to {period.ends_on} is closed.")


@cli.command("funds")
def list_funds() -> None:
    """Each fund and what it has available today."""
    for position in queries.fund_balances(clock.today()):
        amount = format_baht(position.net_assets_satang)
        click.echo(f"{position.fund.code:<20} {amount:>20}  {position.fund.name_en}")


def _accounts(
    restriction: Restriction, bank: tuple[str, ...], cash: tuple[str, ...], income: str | None
) -> FundAccounts:
    known = {account.code: account.type for account in queries.list_accounts()}
    for option, codes, wanted in (
        ("--bank-account", bank, AccountType.ASSET),
        ("--cash-account", cash, AccountType.ASSET),
        ("--income-account", [income] if income else [], AccountType.INCOME),
    ):
        for code in codes:
            if known.get(code) is not wanted:
                raise click.BadParameter(
                    f"{code} is no {wanted} account of the chart", param_hint=option
                )
    usual = USUAL_ACCOUNTS[restriction]
    return FundAccounts(cash or usual.cash, bank or usual.bank, income or usual.income)


def _fund_codes() -> set[str]:
    return {fund.code for fund in queries.list_funds()}
