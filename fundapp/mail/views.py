"""The outbox: the list of messages, and each message."""

import re

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.mail import operations, queries
from fundapp.mail.drafts import SECRET_MARK
from fundapp.mail.models import MailState
from fundapp.paging import int_key, page_of
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit

blueprint = Blueprint("mail", __name__)

PAGE = 50
#: The key in an address of a giver's own page.
_KEY = re.compile(r"([?&]key=)[^\s&]+")


@blueprint.get("/outbox")
@requires(Permission.MAIL_READ)
def outbox() -> str:
    """Messages, newest first; ``?state=`` shows those of one state."""
    wanted = request.args.get("state", "")
    state = MailState(wanted) if wanted in list(MailState) else None
    after = int_key(request.args.get("after"))
    rows = queries.list_messages(state=state, after=after, limit=PAGE + 1)
    return render_template(
        "mail/outbox.html",
        page=page_of(rows, PAGE, lambda message: message.id),
        state=state,
        states=list(MailState),
        kept_here=_kept_here(),
    )


@blueprint.get("/outbox/<int:message_id>")
@requires(Permission.MAIL_READ)
def message(message_id: int) -> str:
    """One message as its recipient reads it, but for what is secret."""
    return _message_page(message_id, ButtonForm())


@blueprint.post("/outbox/<int:message_id>/retry")
@requires(Permission.MAIL_RETRY)
def retry(message_id: int) -> Answer:
    """Let the worker try a message again that it has given up."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.retry_message(message_id, actor=actor),
        done=lambda message: redirect_with(
            _("The message will be tried again soon."),
            url_for("mail.message", message_id=message.id),
        ),
        page=lambda: _message_page(message_id, form),
    )


def _message_page(message_id: int, form: ButtonForm) -> str:
    message = queries.get_message(message_id)
    return render_template(
        "mail/message.html",
        form=form,
        message=message,
        body=_shown(message.body),
        kept_here=_kept_here(),
    )


def _shown(body: str) -> str:
    """The text without what only the recipient may use: secrets, and the keys of a giver's pages,
    by which somebody of the office could say in the giver's place where a refund goes.
    """
    hidden = _("(only the recipient sees this)")
    text = body.replace(SECRET_MARK, hidden)
    return text if _kept_here() else _KEY.sub(lambda found: found[1] + hidden, text)


def _kept_here() -> bool:
    """Whether messages go no further than this page: the demo without a mail server."""
    return bool(current_app.config["DEMO"]) and not current_app.config["SMTP_URL"]
