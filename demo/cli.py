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
from demo.loading import Load, load_events, load_older_books, plan_load
from demo.people import SignIn
from demo.replay import is_empty
from demo.sizes import SIZES
from fundapp import clock
from fundapp.identity.totp import code_at
from fundapp.ledger.log.settings import checkpoint_file
from fundapp.progress_lines import Progress

cli = AppGroup("demo", help="An invented province to look around in.")


@cli.command("load")
@click.option("--size", type=click.Choice(list(SIZES)), default="small", show_default=True)
@click.option("--if-empty", is_flag=True, help="Do nothing when the database is in use.")
@click.option("--scale", type=click.FloatRange(0, 1, min_open=True), default=1.0, hidden=True)
def load(size: str, if_empty: bool, scale: float) -> None:
    """Fill an empty database with three fiscal years of an invented province.

    small is carried out event by event by the operations of the pages; province has 100,000
    payments and nation 1,000,000 entries, most of them imported from older books; children,
    requests and bank lines grow too. nation-without-older-books has those of nation and 17,000
    entries. The same day always gives the same demo.
    """
    _require_demo()
    if is_empty():
        # What was signed of an earlier demo is not of this one.
        checkpoint_file().unlink(missing_ok=True)
    else:
        if if_empty:
            return
        raise click.ClickException(
            "The database is in use. A demo is loaded into an empty one only: "
            "name another in DATABASE_URL, or move instance/fund.sqlite3 away, "
            "and run `flask --app fundapp db upgrade` first."
        )
    full = SIZES[size]
    planned = plan_load(full if scale == 1 else full.scaled(scale))
    with _without_garbage_collection():
        _load_events(planned)
    _load_older_books(planned)
    click.echo(f"Statement files to practise with: {statements_folder()}")


@cli.command("sign-ins")
def sign_ins() -> None:
    """Print the users one can sign in as, with the passwords and secrets made when the demo was
    loaded.
    """
    click.echo("Sign in at /sign-in as (e-mail address, password, secret for an app, role):")
    for sign_in in _saved_sign_ins():
        districts = f" {', '.join(sign_in.districts)}" if sign_in.districts else ""
        role = sign_in.role.replace("_", " ")
        secret = sign_in.secret or "-"
        click.echo(f"  {sign_in.email:<26}{sign_in.password}   {secret:<32}   {role}{districts}")
    click.echo(
        "The code that is asked for after the password: `flask --app fundapp demo code EMAIL`, "
        "or an authenticator app with the secret."
    )


@cli.command("code")
@click.argument("email")
def code(email: str) -> None:
    """Print the code that EMAIL's authenticator app shows now."""
    secret = next((known.secret for known in _saved_sign_ins() if known.email == email), None)
    if secret is None:
        raise click.ClickException(f"The demo has no user {email}: see `demo sign-ins`.")
    click.echo(code_at(secret, clock.now()) if secret else "A donor signs in without a code.")


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


def _saved_sign_ins() -> list[SignIn]:
    _require_demo()
    saved = find_sign_ins()
    if not saved:
        raise click.ClickException("No demo was loaded here: run `flask --app fundapp demo load`.")
    return saved


def _require_demo() -> None:
    if not current_app.config["DEMO"]:
        raise click.ClickException(
            "This installation is in service (PUBLIC_URL): there is no demo in it."
        )


def _load_events(planned: Load) -> None:
    started = time.monotonic()
    count = len(planned.plan.events)
    with Progress("Loading the demo, events", count) as progress:
        load_events(planned, progress.add)
    click.echo(f"{count:,} events loaded in {time.monotonic() - started:.0f} seconds.")


def _load_older_books(planned: Load) -> None:
    entries = planned.older_books.entries
    if not entries:
        return
    started = time.monotonic()
    gc.collect()
    gc.freeze()  # what the events left is looked through no more
    with Progress("Importing older books, entries", entries) as progress:
        load_older_books(planned, progress.add)
    seconds = time.monotonic() - started
    pace = entries / max(seconds, 0.001)
    click.echo(f"{entries:,} entries in {seconds:.0f} seconds, {pace:,.0f} a second.")


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Turn cyclic garbage collection off: it would visit every row made so far, again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
