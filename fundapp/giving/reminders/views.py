"""The page of a link in a message: get receipts only, or all messages again, and by which way."""

from flask import current_app, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import public
from fundapp.errors import NotFoundError
from fundapp.giving import queries
from fundapp.giving.channels.codes import code_of
from fundapp.giving.channels.queries import find_code, ways_of
from fundapp.giving.models import Donor
from fundapp.giving.reminders.operations import choose_messages
from fundapp.giving.reminders.stop_codes import donor_of
from fundapp.giving.views.blueprint import blueprint
from fundapp.mail.line import chat_url
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit
from fundapp.web.request_checks import without_token


@blueprint.get("/messages/<code>")
@public
def messages(code: str) -> str:
    """Whether reminders are sent, with the button; opening it changes nothing, as programs that
    look through mail open links, too.
    """
    return messages_page(code)


@blueprint.post("/messages/<code>")
@public
@without_token
def stop_reminders(code: str) -> Answer:
    """Send no more; the button of a mail program sends this, too (RFC 8058)."""
    return _choose(code, wants_reminders=False)


@blueprint.post("/messages/<code>/resume")
@public
def resume_reminders(code: str) -> Answer:
    """Send them again."""
    return _choose(code, wants_reminders=True)


def _choose(code: str, *, wants_reminders: bool) -> Answer:
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: choose_messages(donor_of(code), wants_reminders=wants_reminders, actor=actor),
        done=lambda _donor: redirect_with(_("Saved."), url_for("giving.messages", code=code)),
        page=lambda: messages_page(code, form),
    )


def messages_page(code: str, form: BaseForm | None = None) -> str:
    """The page with a form that was refused."""
    donor = _donor(code)
    pending = find_code(donor)
    link_code = code_of(pending.id) if pending is not None else ""
    return render_template(
        "giving/messages.html",
        donor=donor,
        code=code,
        form=form,
        ways=ways_of(donor),
        link_code=link_code,
        expires_at=pending.expires_at if pending is not None else None,
        chat_url=chat_url(current_app.config, link_code),
    )


def _donor(code: str) -> Donor:
    donor = queries.find_donor(donor_of(code))
    if donor is None:
        raise NotFoundError
    return donor
