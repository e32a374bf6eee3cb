"""``flask users …`` and ``flask identity …``."""

import json
import sys
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.identity import operations, passwords, queries
from fundapp.identity.matrix import as_text, pairs_as_text, role_pairs, route_matrix
from fundapp.identity.role_rows import ROLES
from fundapp.proposals.commands import command_actor, proposed_sentence
from fundapp.proposals.queries import find_open_proposal

cli = AppGroup("identity", help="Who may do what.")
users = AppGroup("users", help="People who sign in.")


@cli.command("matrix")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "text"]),
    default="text",
    help="json: routes only.",
)
@click.option("--json", "as_json", is_flag=True, help="Routes and pairs of roles.")
def matrix(form: str, as_json: bool) -> None:
    """Print every route with its permission and the roles that may use it, and which roles one
    person may hold together.
    """
    rows, pairs = route_matrix(current_app), role_pairs()
    routes = [asdict(row) for row in rows]
    if as_json:
        both = {"routes": routes, "pairs": [asdict(pair) for pair in pairs]}
        click.echo(json.dumps(both, indent=2, ensure_ascii=False))
    elif form == "json":
        click.echo(json.dumps(routes, indent=2, ensure_ascii=False))
    else:
        click.echo(as_text(rows))
        click.echo()
        click.echo(pairs_as_text(pairs))


@users.command("create")
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([str(role) for role in Role])
)
@click.option(
    "--district", "districts", multiple=True, metavar="CODE", help="Official code, e.g. 9501."
)
@click.option("--name", default="", help="As colleagues know the person.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(
    email: str, roles: tuple[str, ...], districts: tuple[str, ...], name: str, password_stdin: bool
) -> None:
    """Let EMAIL sign in; without --password-stdin a password is asked for, or made and printed."""
    password, is_made = _password(password_stdin)
    user = unit_of_work(
        operations.create_user,
        email,
        name=name,
        password=password,
        roles=[Role(role) for role in roles],
        districts=districts,
        actor=command_actor(current_app.config),
    )
    proposal = find_open_proposal(ROLES, user.public_id)
    if proposal is None:
        click.echo(f"{user.email} may sign in as {', '.join(sorted(user.role_set()))}.")
    else:
        click.echo(f"{user.email} is added without a role. {proposed_sentence(proposal)}")
    if is_made:
        click.echo(f"Password: {password}")


@users.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Stop EMAIL from signing in; every session ends at once."""
    user = queries.find_user_by_email(email)
    if user is None:
        raise click.ClickException(f"Nobody signs in as {email}.")
    unit_of_work(operations.disable_user, user.public_id, actor=COMMAND_LINE)
    click.echo(f"{user.email} may not sign in any more.")


def _password(from_stdin: bool) -> tuple[str, bool]:
    """The password for a new person, and whether it was made here."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if sys.stdin.isatty():
        typed = click.prompt(
            "Password (leave empty to have one made)",
            default="",
            show_default=False,
            hide_input=True,
            confirmation_prompt=True,
        )
        if typed:
            return typed, False
    return passwords.make_password(), True
