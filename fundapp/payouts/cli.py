"""``flask disbursements``: files to the bank and from it, and the sums of help."""

import sys
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE, Actor
from fundapp.callbacks.operations import draw_callbacks
from fundapp.db import unit_of_work
from fundapp.disbursements.help_sums.operations import fold_help, forget_help
from fundapp.errors import DomainError
from fundapp.identity.operations import prove_code
from fundapp.identity.queries import find_user_by_email
from fundapp.ledger.folding.batches import fold_all
from fundapp.payouts import operations, queries
from fundapp.payouts.batches import record_results
from fundapp.payouts.models import BankFileKind
from fundapp.payouts.results import MAX_BYTES
from fundapp.progress_lines import Progress

cli = AppGroup("disbursements", help="Payouts by transfer, and the sums of help.")

_by = click.option("--by", required=True, metavar="EMAIL", help="Who does it.")
_code = click.option(
    "--code", prompt="Code of the second factor", hide_input=True, help="Used once."
)


@cli.command("bank-file")
@click.argument("batch")
@click.option(
    "--format", "kind", type=click.Choice([str(kind) for kind in BankFileKind]), required=True
)
@_by
@_code
def bank_file(batch: str, kind: str, by: str, code: str) -> None:
    """Write the file of the released BATCH (its number, PB…) to the standard output, once.

    Whoever takes it pays; check the layout with your bank. It is stored nowhere.
    """
    actor = _person(by, code)
    try:
        public_id = queries.get_batch_by_number(batch).public_id
        taken = unit_of_work(
            operations.take_file,
            public_id,
            kind=BankFileKind(kind),
            sender_name=current_app.config["FUND_NAME_TH"],
            actor=actor,
        )
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    sys.stdout.buffer.write(taken.content)


@cli.command("bank-result")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_by
@_code
def bank_result(file: Path, by: str, code: str) -> None:
    """Take in the result FILE of the bank (CSV: voucher, state, reason) and record each payout.

    Run it again after an interruption: it goes on where it was, and pays nobody twice.
    """
    actor = _person(by, code)
    with file.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    try:
        told = unit_of_work(operations.tell_results, content, actor=actor)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    with Progress("Recording payouts", total=told.new + told.known) as progress:
        recorded = record_results(told.batch_ids, report=progress.add)
    click.echo(f"{told.new:,} new, {told.known:,} known, {recorded.done:,} recorded.")
    for voucher, why in recorded.refused.items():
        click.echo(f"{voucher}: {why}", err=True)
    if recorded.refused:
        raise click.ClickException(f"{len(recorded.refused):,} payouts are not recorded yet.")


@cli.command("draw-callbacks")
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="One month alone, as 2026-11.")
def draw(month: datetime | None) -> None:
    """Draw from the payments of each month that is over those to be called about, once.

    The worker does it too.
    """
    day = month.date() if month else None
    try:
        draws = unit_of_work(draw_callbacks, day, actor=COMMAND_LINE)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    for each in draws:
        counts = f"{each.drawn_count:,} of {each.population_count:,} payments"
        click.echo(f"{each.month_on:%Y-%m}: {counts}, seed {each.seed}")
    if not draws:
        click.echo("no month waits to be drawn")


def _person(email: str, code: str) -> Actor:
    """The person, who has just proved a second factor."""
    user = find_user_by_email(email)
    if user is None:
        raise click.ClickException("Nobody signs in with this address.")
    actor = user.as_actor()
    try:
        is_right = unit_of_work(prove_code, code, actor=actor)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    if not is_right:
        raise click.ClickException("The code is wrong or was used before.")
    return actor


@cli.command("fold-help")
@click.option("--anew", is_flag=True, help="Make the sums anew from the first entry.")
def fold_sums(*, anew: bool) -> None:
    """Fold the sealed entries into the sums of the help of each district, as the worker does; with
    --anew when the check disbursements.help-sums is red.
    """
    folded = fold_all(fold_help, forget=forget_help if anew else None, actor=COMMAND_LINE)
    click.echo(f"{folded:,} entries folded.")
