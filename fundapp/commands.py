"""How commands report errors: one sentence and exit code 1 instead of a stack trace.

It is for commands what `fundapp.web.errors` is for pages: a command does not catch errors itself.
"""

import errno
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from fundapp.crypto import KeyringError
from fundapp.errors import DomainError


class _Command(click.Command):
    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; ClickException for errors that a person can act on."""
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
                raise  # the reader of a pipe closed it; click exits without a message
            raise click.ClickException(f"{error.filename or 'Output'}: {error.strerror}") from error


class _Group(_Command, AppGroup):
    pass


def plain(command: click.Command) -> click.Command:
    """The same command, or group of commands, with its errors reported in a sentence."""
    if isinstance(command, click.Group):
        return _Group(command.name, commands=command.commands, help=command.help)
    return _Command(
        command.name, callback=command.callback, params=command.params, help=command.help
    )


def _first_line(error: BaseException | None) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
