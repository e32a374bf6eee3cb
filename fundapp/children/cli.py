"""``flask children``: lists of children; ``flask keys``: the keys that they are encrypted with."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.children.batches import rotate_keys
from fundapp.children.imports.batches import import_list
from fundapp.children.operations import find_duplicates, index_names, retire_old_keys
from fundapp.db import unit_of_reading, unit_of_work
from fundapp.documents.errors import DamagedDocumentError
from fundapp.errors import DomainError
from fundapp.progress_lines import Progress
from fundapp.spreadsheets.reading import MAX_BYTES

cli = AppGroup("children", help="Files of children.")
keys = AppGroup("keys", help="The keys that identities are encrypted with.")
#: What is registered beside ``cli``.
MORE = (keys,)


@cli.command("index-names")
def index() -> None:
    """Write the keys by which names are found, of files that have none; the worker does it too."""
    done = 0
    while count := unit_of_work(index_names, actor=COMMAND_LINE):
        done += count
    click.echo(f"{done:,} files can be found by name now.")


@cli.command("find-duplicates")
@click.option("--json", "as_json", is_flag=True, help="Codes, points and what speaks for it.")
def duplicates(as_json: bool) -> None:
    """List the files that may be of one child and on which nobody has decided, by their codes.

    A supervisor compares them and merges one into the other. Nothing is changed.
    """
    with Progress("Comparing files") as progress:
        pairs = unit_of_reading(find_duplicates, report=progress.add, actor=COMMAND_LINE)
    if as_json:
        rows = [
            {"codes": [one, other], "points": alike.points, "reasons": list(alike.reasons)}
            for one, other, alike in pairs
        ]
        click.echo(json.dumps({"pairs": rows}))
        return
    for one, other, alike in pairs:
        click.echo(f"{one} {other}: {', '.join(reason.label for reason in alike.reasons)}")
    click.echo(f"{len(pairs):,} pairs")


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--profile", required=True, metavar="NAME", help="As it was kept on the page.")
@click.option("--dry-run", is_flag=True, help="Find every error, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Counts, and what is wrong by row.")
def import_children(file: Path, profile: str, dry_run: bool, as_json: bool) -> None:
    """Take over the children of the list FILE, whole or not at all.

    Their files are registered by whoever kept the profile. What is known already is left as it is;
    who may have a file waits for a supervisor.
    """
    with file.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    try:
        with Progress("Comparing children") as progress:
            plan = import_list(content, profile, dry_run=dry_run, report=progress.add)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    problems = [
        {
            "row": problem.row,
            "column": str(problem.column or ""),
            "problem": problem.sentence % problem.params if problem.params else problem.sentence,
        }
        for problem in plan.problems
    ]
    if as_json:
        click.echo(json.dumps({**plan.counts, "problems": problems}, ensure_ascii=False))
    else:
        for each in problems:
            click.echo("row {row}, {column}: {problem}".format(**each), err=True)
        click.echo(", ".join(f"{name} {count}" for name, count in plan.counts.items()))
    if problems:
        raise click.exceptions.Exit(1)


@keys.command("rotate")
def rotate() -> None:
    """Encrypt every encrypted value and every document with the newest key, in batches.

    Put the new key first in FIELD_KEYS, restart every process of the program, then run this; the
    program may go on running. Afterwards take the old keys away and restart. It may be interrupted
    and run again at any time.
    """
    try:
        for name, batches in rotate_keys(actor=COMMAND_LINE):
            click.echo(f"{name}: {batches} batches")
    except DamagedDocumentError as error:
        raise click.ClickException(
            f"document {error.public_id} is damaged, or FIELD_KEYS does not name the key it needs"
        ) from error
    newest = unit_of_work(retire_old_keys, actor=COMMAND_LINE)
    click.echo(f"Everything is encrypted with {newest}. FIELD_KEYS needs no other key now.")
