"""``flask users …`` and ``flask identity …``."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE, VISITOR
from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.identity import operations, queries
from fundapp.identity.emails import invitation_url
from fundapp.identity.errors import PasswordNotTakenError
from fundapp.identity.matrix import as_text, pairs_as_text, role_pairs, route_matrix
from fundapp.identity.models import Delivery, User
from fundapp.identity.policy import may_print_alone
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
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input: for the first administrator, or in a demo.",
)
def create(
    email: str, roles: tuple[str, ...], districts: tuple[str, ...], name: str, password_stdin: bool
) -> None:
    """Add EMAIL and print an invitation, with which the person chooses a password alone."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    wanted = [Role(role) for role in roles]

    def work() -> tuple[User, str]:
        is_first = not queries.list_users(limit=1) and Role.ADMINISTRATOR in wanted
        if password is not None and not (is_first or current_app.config["DEMO"]):
            raise PasswordNotTakenError
        user = operations.create_user(
            email,
            name=name,
            roles=wanted,
            districts=districts,
            actor=command_actor(current_app.config),
        )
        actor = command_actor(current_app.config)
        if not may_print_alone(actor):
            return user, ""
        code = operations.invite(user.public_id, delivery=Delivery.PAPER, actor=actor)
        if password is not None:
            operations.accept_invitation(code, password=password, actor=VISITOR)
        return user, code

    user, code = unit_of_work(work)
    proposal = find_open_proposal(ROLES, user.public_id)
    if proposal is not None:
        click.echo(f"{user.email} is added without a role. {proposed_sentence(proposal)}")
    if not code:
        click.echo("Two administrators invite the person under Users: each prints one sheet.")
    elif password is None:
        _print_invitation(user, code)
    elif proposal is None:
        click.echo(f"{user.email} may sign in as {', '.join(sorted(user.role_set()))}.")


@users.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """Take EMAIL's password and second factors away, end every session, and print an invitation.

    For an installation in which fewer than two other administrators may sign in. The person is told
    by mail, and the check identity.command-resets is yellow for some time.
    """
    _hand_over(operations.reset_sign_in, email)


@users.command("invite")
@click.argument("email")
def invite(email: str) -> None:
    """Print a new invitation for EMAIL, who has no password, while fewer than two other
    administrators may sign in.
    """
    _hand_over(operations.invite, email)


@users.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Stop EMAIL from signing in; every session ends at once."""
    user = _find(email)
    unit_of_work(operations.disable_user, user.public_id, actor=COMMAND_LINE)
    click.echo(f"{user.email} may not sign in any more.")


def _hand_over(operation: Callable[..., str], email: str) -> None:
    """Carry out an invitation or a reset on paper, and print it."""
    user = _find(email)
    actor = command_actor(current_app.config, about=user.public_id)
    code = unit_of_work(operation, user.public_id, delivery=Delivery.PAPER, actor=actor)
    _print_invitation(user, code)


def _find(email: str) -> User:
    user = queries.find_user_by_email(email)
    if user is None:
        raise click.ClickException(f"Nobody signs in as {email}.")
    return user


def _print_invitation(user: User, code: str) -> None:
    hours = int(operations.LASTS.total_seconds()) // 3600
    click.echo(
        f"{user.email} may sign in as {', '.join(sorted(user.role_set()))} "
        f"after choosing a password, once, within {hours} hours:"
    )
    click.echo(invitation_url(code))
