"""``flask demo …``: an invented province to look around in."""

import gc
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from demo.folder import find_sign_ins, statements_folder
from demo.loading import Plan, load_bulk, load_story, plan_load
from demo.sizes import SIZES
from demo.teller import is_empty

cli = AppGroup("demo", help="An invented province to look around in.")


@cli.command("load")
@click.option("--size", type=click.Choice(list(SIZES)), default="small", show_default=True)
@click.option("--if-empty", is_flag=True, help="Do nothing when the database is in use.")
@click.option("--scale", type=click.FloatRange(0, 1, min_open=True), default=1.0, hidden=True)
def load(size: str, if_empty: bool, scale: float) -> None:
    """Fill an empty database with three fiscal years of an invented province.

    small is told one by one through the operations of the pages; province adds 100,000 payments and
    nation 1,000,000 entries, posted in batches. The same day always gives the same demo.
    """
    _require_demo()
    if not is_empty():
        if if_empty:
            return
        raise click.ClickException(
            "The database is in use. A demo is loaded into an empty one only: "
            "name another in DATABASE_URL, or move instance/fund.sqlite3 away, "
            "and run `flask --app fundapp db upgrade` first."
        )
    wanted = SIZES[size]
    plan = plan_load(wanted if scale == 1 else wanted.scaled(scale))
    with _without_collecting():
        _load_story(plan)
    _load_bulk(plan)
    click.echo(f"Statement files to practise with: {statements_folder()}")


@cli.command("sign-ins")
def sign_ins() -> None:
    """Print whom one can be in the demo, and the passwords made at the load."""
    _require_demo()
    found = find_sign_ins()
    if not found:
        raise click.ClickException("No demo was loaded here: run `flask --app fundapp demo load`.")
    click.echo("Sign in at /sign-in as:")
    for one in found:
        districts = f" {', '.join(one.districts)}" if one.districts else ""
        click.echo(f"  {one.email:<26}{one.password}   {one.role.replace('_', ' ')}{districts}")


@cli.command("statements")
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to copy the files into.",
)
def statements(folder: Path) -> None:
    """Copy the statement files to practise with."""
    _require_demo()
    files = sorted(statements_folder().glob("*.csv"))
    if not files:
        raise click.ClickException("No demo was loaded here: run `flask --app fundapp demo load`.")
    folder.mkdir(parents=True, exist_ok=True)
    for path in files:
        shutil.copyfile(path, folder / path.name)
        click.echo(folder / path.name)


def _require_demo() -> None:
    if not current_app.config["DEMO"]:
        raise click.ClickException(
            "This installation is in service (PUBLIC_URL): there is no demo in it."
        )


def _load_story(plan: Plan) -> None:
    started = time.monotonic()
    count = len(plan.story.happenings)
    with click.progressbar(length=count, label="Telling the story", update_min_steps=25) as bar:
        load_story(plan, lambda: bar.update(1))
    click.echo(f"{count:,} things happened, told in {time.monotonic() - started:.0f} seconds.")


def _load_bulk(plan: Plan) -> None:
    if not plan.bulk.entries:
        return
    started = time.monotonic()
    with click.progressbar(length=plan.bulk.entries, label="Taking over older books") as bar:
        load_bulk(plan, bar.update)
    seconds = time.monotonic() - started
    pace = plan.bulk.entries / max(seconds, 0.001)
    click.echo(f"{plan.bulk.entries:,} entries in {seconds:.0f} seconds, {pace:,.0f} a second.")


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let the collector of cyclic garbage rest: it would look at every row told so far."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
