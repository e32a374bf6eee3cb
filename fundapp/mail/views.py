"""The outbox, for those who look after it."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_work
from fundapp.mail import operations, queries
from fundapp.mail.queries import MailState
from fundapp.paging import int_key, page_of
from fundapp.web.lazy import lazy as _l

blueprint = Blueprint("mail", __name__)

PAGE = 50
_LABELS = {
    MailState.WAITING: (_l("Waiting"), "info"),
    MailState.FAILING: (_l("Not taken yet"), "bad"),
    MailState.SENT: (_l("Sent"), "good"),
}


@blueprint.get("/outbox")
@requires(Permission.MAIL_READ)
def outbox() -> str:
    """Messages, newest first; ``?state=`` keeps those that stand so."""
    asked = request.args.get("state", "")
    state = MailState(asked) if asked in list(MailState) else None
    after = int_key(request.args.get("after"))
    rows = queries.list_messages(state=state, after=after, limit=PAGE + 1)
    return render_template(
        "mail/outbox.html",
        page=page_of(rows, PAGE, lambda message: message.id),
        state=state,
        states={value: label for value, (label, _tone) in _LABELS.items()},
        **_shared(),
    )


@blueprint.get("/outbox/<int:message_id>")
@requires(Permission.MAIL_READ)
def message(message_id: int) -> str:
    """One message as its recipient reads it."""
    found = queries.get_message(message_id)
    return render_template(
        "mail/message.html", message=found, given_up=queries.is_given_up(found), **_shared()
    )


@blueprint.post("/outbox/<int:message_id>/retry")
@requires(Permission.MAIL_RETRY)
def retry(message_id: int) -> Response:
    """Let a message that was given up be tried again."""
    found = queries.get_message(message_id)
    unit_of_work(operations.retry_message, found.id, actor=current_actor())
    flash(_("The message will be tried again within a minute."), "success")
    return redirect(url_for("mail.message", message_id=message_id), 303)


def _shared() -> dict[str, object]:
    """What both pages show of a message's state; the demo has no mail server and says so."""
    kept_here = current_app.config["DEMO"] and not current_app.config["SMTP_URL"]
    labels = dict(_LABELS)
    if kept_here:
        delivered = (_l("Delivered to the demo outbox"), "good")
        labels |= {MailState.WAITING: delivered, MailState.SENT: delivered}
    return {"kept_here": kept_here, "labels": labels, "state_of": queries.state_of}
