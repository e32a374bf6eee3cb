"""``flask ledger seal|checkpoint|vkey|verify|prove|begin-anew|witness-…``: the sealed log."""

import base64
import json

import click

from fundapp.access.actors import COMMAND_LINE
from fundapp.db import db, unit_of_work
from fundapp.errors import DomainError, NotFoundError
from fundapp.ledger.cli import cli
from fundapp.ledger.drafts import entry_id_of, entry_number
from fundapp.ledger.log import operations, queries
from fundapp.ledger.log.batches import ask_witnesses, seal_everything
from fundapp.ledger.log.halting import find_halt
from fundapp.ledger.log.notes import vkey_of
from fundapp.ledger.log.settings import origin_of_log, signing_key
from fundapp.ledger.log.verifying import find_faults
from fundapp.ledger.models import JournalEntry


@cli.command("seal")
def seal() -> None:
    """Seal every committed entry that is not sealed yet."""
    try:
        sealed = seal_everything(actor=COMMAND_LINE)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{sealed} entries sealed, {queries.log_size()} in all.")


@cli.command("checkpoint")
def checkpoint() -> None:
    """Sign the size and the root of the log as it is now, and print the signed note."""
    try:
        signed = unit_of_work(operations.sign_checkpoint, _secret(), actor=COMMAND_LINE)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(signed.note, nl=False)


@cli.command("vkey")
def vkey() -> None:
    """Print the key that verifies checkpoints: print it on paper and give it to others."""
    last = queries.last_checkpoint()
    origin = origin_of_log(last)
    click.echo(str(vkey_of(origin, _secret())))


@cli.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def verify(as_json: bool) -> None:
    """Compute the log anew from the bytes of every entry, and compare it with its tiles, with
    every checkpoint and with the one that was signed last; exits with 1 when something is wrong.
    """
    halt = find_halt()
    faults = [*([halt] if halt else []), *find_faults()]
    if as_json:
        size = queries.log_size()
        click.echo(json.dumps({"size": size, "faults": faults}, ensure_ascii=False, indent=2))
    else:
        for fault in faults:
            click.echo(fault)
        click.echo("The log is wrong." if faults else f"{queries.log_size()} entries: all right.")
    if faults:
        raise SystemExit(1)


@cli.command("prove")
@click.argument("entry")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def prove(entry: str, as_json: bool) -> None:
    """Print the proof that ENTRY (JE…) is in the log that was signed last."""
    entry_id = entry_id_of(entry)
    row = None if entry_id is None else db.session.get(JournalEntry, entry_id)
    if row is None:
        raise click.ClickException(f"There is no entry {entry}.")
    proof = queries.prove_inclusion(row.id)
    if proof is None:
        raise click.ClickException("No checkpoint covers it yet: run ledger seal and checkpoint.")
    found = {
        "entry": entry_number(row.id),
        "leaf_index": proof.leaf_index,
        "size": proof.checkpoint.size,
        "leaf_hash": _coded(row.leaf_hash),
        "path": [_coded(step) for step in proof.path],
        "checkpoint": proof.checkpoint.note,
        "entry_bytes": _coded(row.canonical),
    }
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    click.echo(f"{found['entry']} is number {proof.leaf_index} of {proof.checkpoint.size}.")
    for step in proof.path:
        click.echo(_coded(step))
    click.echo(proof.checkpoint.note, nl=False)


@cli.command("begin-anew")
@click.option("--reason", required=True, help="Public: what was restored, and what is missing.")
def begin_anew(reason: str) -> None:
    """Let the log go on under the next number, after an older backup was restored."""
    try:
        beginning = unit_of_work(operations.begin_anew, reason, actor=COMMAND_LINE)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Log {beginning.number} begins after {beginning.size} entries.")


@cli.command("witness-add")
@click.argument("url")
@click.argument("vkey")
def witness_add(url: str, vkey: str) -> None:
    """Let the witness at URL, whose verifier key is VKEY, cosign every checkpoint from now on."""
    try:
        witness = unit_of_work(operations.add_witness, url, vkey, actor=COMMAND_LINE)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{witness.name} is asked to cosign.")


@cli.command("witness-end")
@click.argument("name")
def witness_end(name: str) -> None:
    """Ask the witness NAME no more; what it cosigned stays."""
    try:
        unit_of_work(operations.end_witness, name, actor=COMMAND_LINE)
    except NotFoundError as error:
        raise click.ClickException(f"There is no witness {name}.") from error
    click.echo(f"{name} is asked no more.")


@cli.command("witness-list")
def witness_list() -> None:
    """Print each witness, how many entries of the log it has cosigned, and its key."""
    number = queries.log_number()
    for each in queries.list_witnesses():
        state = f"cosigned {queries.cosigned_size(each.name, number)}"
        click.echo(f"{each.name}  {'ended' if each.ended_at else state}  {each.url}  {each.vkey}")


@cli.command("witness-send")
def witness_send() -> None:
    """Ask every witness now to cosign the newest checkpoint, as the worker does; exits with 1 when
    one did not.
    """
    answers = ask_witnesses(actor=COMMAND_LINE)
    for name, fault in answers.items():
        click.echo(f"{name}: {fault or 'cosigned'}")
    if not answers:
        click.echo("No witness waits for a checkpoint.")
    if any(answers.values()):
        raise SystemExit(1)


def _secret() -> bytes:
    secret = signing_key()
    if secret is None:
        raise click.ClickException("LEDGER_SIGNING_KEY is not set.")
    return secret


def _coded(data: bytes) -> str:
    return base64.b64encode(data).decode()
