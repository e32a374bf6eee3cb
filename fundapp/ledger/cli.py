"""``flask ledger …``: the books from the command line."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, BinaryIO

import click
from flask import current_app
from flask.cli import AppGroup

from fundapp import clock
from fundapp.access.actors import COMMAND_LINE, Actor
from fundapp.csv_safety import csv_lines
from fundapp.db import unit_of_work
from fundapp.errors import DomainError, NotFoundError
from fundapp.ledger import exports, operations, queries
from fundapp.ledger.canonical import clean_text
from fundapp.ledger.chart import NOT_DEDUCTIBLE, USUAL_ACCOUNTS, FundAccounts
from fundapp.ledger.drafts import FundSettings
from fundapp.ledger.folding.batches import fold_all
from fundapp.ledger.folding.operations import fold_days, forget_days
from fundapp.ledger.kinds import (
    FUND_ACCOUNTS,
    FUND_OPENING,
    FUND_STATUS,
    LET_GO_LIMIT,
    TAX_WORDING,
    accounts_values,
    opening_values,
    status_values,
    wording_values,
)
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.log.bundle import write_bundle
from fundapp.ledger.models import AccountType, FundStatus, Restriction
from fundapp.ledger.steps import FUND_CODE, LONGEST_NAME
from fundapp.ledger.thread.operations import rebuild_threads
from fundapp.money import MoneyError, format_baht, parse_baht
from fundapp.proposals.commands import command_actor, proposed_sentence
from fundapp.proposals.models import Values
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.registry import find_kind
from fundapp.thai.calendar import parse_day

BUNDLE = "bundle"

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
    if FUND_CODE.fullmatch(value) is None:
        raise click.BadParameter("use 1 to 20 capital letters, digits and hyphens, a letter first")
    return value


def _name(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    cleaned = clean_text(value)
    if not 0 < len(cleaned) <= LONGEST_NAME:
        raise click.BadParameter(f"write 1 to {LONGEST_NAME} characters")
    return cleaned


@cli.command("export")
@click.option(
    "--format", "format_name", type=click.Choice([*exports.FORMATS, BUNDLE]), required=True
)
@click.option(
    "--output", type=click.File("wb"), default="-", help="A file; without it, the screen."
)
def export(format_name: str, output: BinaryIO) -> None:
    """Write the whole journal as it is now; as a bundle, for verifier/verify.py, sealed first."""
    if format_name == BUNDLE:
        seal_everything(actor=COMMAND_LINE)
        write_bundle(output)
        return
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
    kind = Restriction(restriction)
    settings = FundSettings(
        (name_th, name_en, name_ms), (purpose_th, purpose_en, purpose_ms), position
    )
    accounts = _accounts(kind, bank, cash, income)
    do_or_propose(
        FUND_OPENING,
        code,
        opening_values(kind, settings, accounts, NOT_DEDUCTIBLE),
        lambda actor: operations.create_fund(
            code=code, restriction=kind, settings=settings, accounts=accounts, actor=actor
        ),
        f"Fund {code} is open.",
    )


@cli.command("fund-accounts")
@click.argument("code")
@click.option("--bank-account", "bank", multiple=True, metavar="CODE", help="E.g. 1121.")
@click.option("--cash-account", "cash", multiple=True, metavar="CODE", help="E.g. 1110.")
@click.option("--income-account", "income", metavar="CODE", help="Of its gifts, e.g. 4130.")
def fund_accounts(
    code: str, bank: tuple[str, ...], cash: tuple[str, ...], income: str | None
) -> None:
    """Let the money of the fund CODE lie in these accounts, and no others."""
    accounts = FundAccounts(cash, bank, income)
    do_or_propose(
        FUND_ACCOUNTS,
        code,
        accounts_values(accounts),
        lambda actor: operations.change_fund_accounts(code, accounts, actor=actor),
        f"The accounts of fund {code} are changed.",
    )


@cli.command("tax-wording")
@click.argument("code")
@click.option("--th", required=True, help="The sentence in Thai.")
@click.option("--en", required=True, help="The sentence in English.")
@click.option("--ms", required=True, help="The sentence in Malay.")
@click.option("--deductible", is_flag=True, help="Its gifts are entered in e-Donation.")
def tax_wording(code: str, th: str, en: str, ms: str, deductible: bool) -> None:
    """Let new receipts of the fund CODE say this about tax; those issued keep their sentence."""
    texts = (clean_text(th), clean_text(en), clean_text(ms))
    do_or_propose(
        TAX_WORDING,
        code,
        wording_values(texts, is_deductible=deductible),
        lambda actor: operations.set_tax_wording(
            code, texts, is_deductible=deductible, actor=actor
        ),
        f"New receipts of fund {code} say this.",
    )


@cli.command("let-go-limit")
@click.argument("code")
@click.argument("baht")
def let_go_limit(code: str, baht: str) -> None:
    """Let officers let go of up to BAHT of a pledge to the fund CODE at a time; 0: of nothing."""
    try:
        satang = 0 if baht == "0" else parse_baht(baht)
    except MoneyError as error:
        raise click.ClickException(str(error)) from error
    do_or_propose(
        LET_GO_LIMIT,
        code,
        {"satang": satang},
        lambda actor: operations.set_let_go_limit(code, satang, actor=actor),
        f"Fund {code} lets go of up to {format_baht(satang)} baht.",
    )


@cli.command("freeze-fund")
@click.argument("code")
def freeze_fund(code: str) -> None:
    """Stop the fund CODE at once, until two people open it again."""
    actor = command_actor(current_app.config)
    with refusals(f"There is no fund {code}."):
        unit_of_work(operations.freeze_fund, code, actor=actor)
    click.echo(f"Fund {code} is frozen.")


@cli.command("close-fund")
@click.argument("code")
def close_fund(code: str) -> None:
    """Close the fund CODE, which is empty: it takes no pledge, payment or request any more."""
    do_or_propose(
        FUND_STATUS,
        code,
        status_values(FundStatus.CLOSED),
        lambda actor: operations.close_fund(code, actor=actor),
        f"Fund {code} is closed.",
    )


@cli.command("rebuild-thread")
def rebuild_thread() -> None:
    """Make what is kept of the thread from gifts to help anew from the journal, when the check
    ledger.thread is red.
    """
    count = unit_of_work(rebuild_threads, actor=COMMAND_LINE)
    click.echo(f"The thread of {count} funds is as the journal says.")


@cli.command("fold-days")
@click.option("--anew", is_flag=True, help="Make the sums anew from the first entry.")
def fold_sums(*, anew: bool) -> None:
    """Fold the sealed entries into the sums of each day, as the worker does; with --anew when the
    check ledger.day-sums is red.
    """
    folded = fold_all(fold_days, forget=forget_days if anew else None, actor=COMMAND_LINE)
    click.echo(f"{folded:,} entries folded.")


@cli.command("reopen-fund")
@click.argument("code")
def reopen_fund(code: str) -> None:
    """Let the fund CODE, frozen or closed, take part again."""
    do_or_propose(
        FUND_STATUS,
        code,
        status_values(FundStatus.OPEN),
        lambda actor: operations.reopen_fund(code, actor=actor),
        f"Fund {code} is open.",
    )


@cli.command("funds")
def list_funds() -> None:
    """Each fund and what it has available today."""
    for position in queries.fund_balances(clock.today()):
        amount = format_baht(position.net_assets_satang)
        click.echo(f"{position.fund.code:<20} {amount:>20}  {position.fund.name_en}")


def do_or_propose(
    kind: str,
    subject: str,
    after: Values,
    work: Callable[[Actor], object],
    done: str,
    unknown: str | None = None,
) -> None:
    """Carry a change out, or propose it when there are two people to agree; say which. ``done``
    may name attributes of what ``work`` gives.
    """
    actor = command_actor(current_app.config)
    with refusals(unknown or f"There is no fund {subject}."):
        if actor.can(find_kind(kind).applies_with):
            click.echo(done.format(unit_of_work(work, actor)))
        else:
            proposal = unit_of_work(make_proposal, kind, subject, after, actor=actor)
            click.echo(proposed_sentence(proposal))


@contextmanager
def refusals(unknown: str) -> Iterator[None]:
    """What a rule refuses, as an error of the command."""
    try:
        yield
    except NotFoundError as error:
        raise click.ClickException(unknown) from error
    except DomainError as error:
        raise click.ClickException(str(error)) from error


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
