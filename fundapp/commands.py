"""The command line tells what is wrong in a sentence; here, and only here, errors become exits.

It is what `fundapp.web.errors` is for pages: a command lets an error go, and whoever typed the
command reads what to do instead of a stack trace.
"""

import errno
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from fundapp.crypto import KeyringError
from fundapp.errors import DomainError


class _Plain(click.Command):
    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; ClickException for what a person can act on."""
        try:
            return super().invoke(ctx)
        except (DomainError, KeyringError) as error:
            raise click.ClickException(str(error)) from error
        except DBAPIError as error:
            raise click.ClickException(
                f"The database answers: {_first_line(error.orig)}. Look at DATABASE_URL; "
                "if tables are missing, run `flask --app fundapp db upgrade`."
            ) from error
        except UnicodeEncodeError as error:
            raise click.ClickException("What was given is not text in UTF-8.") from error
        except OverflowError as error:
            raise click.ClickException("A number that was given is too large.") from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # whoever was reading has seen enough; click ends quietly
            raise click.ClickException(f"{error.filename or 'Output'}: {error.strerror}") from error


class _PlainGroup(_Plain, AppGroup):
    pass


def plain(command: click.Command) -> click.Command:
    """The same command, or group of commands, with its errors told in a sentence."""
    if isinstance(command, click.Group):
        return _PlainGroup(command.name, commands=command.commands, help=command.help)
    return _Plain(command.name, callback=command.callback, params=command.params, help=command.help)


def _first_line(error: BaseException | None) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
