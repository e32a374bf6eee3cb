"""The message that brings a checkpoint to its holders: built here, sent by `fundapp.mail`."""

from flask import current_app
from flask_babel import force_locale, gettext

from fundapp.ledger.models import LogCheckpoint
from fundapp.mail.drafts import MessageDraft
from fundapp.web.filters import moment
from fundapp.web.locale import fund_name

#: The holders read Thai; a journalist or a witness may not.
_LANGUAGES = ("th", "en")


def checkpoint_mailed(checkpoint: LogCheckpoint, note: str, address: str) -> MessageDraft:
    """The signed note with its cosignatures, to keep, in Thai and English."""
    bodies = [_body(checkpoint, note, language) for language in _LANGUAGES]
    with force_locale(_LANGUAGES[0]):
        subject = gettext(
            "Checkpoint of the books: %(count)s entries", count=f"{checkpoint.size:,}"
        )
    return MessageDraft(
        recipient_type="holder",
        recipient_ref=address,
        about_type="checkpoint",
        about_ref=f"{checkpoint.number}-{checkpoint.size}",
        to_address=address,
        subject=subject,
        body="\n\n".join(bodies),
        locale=_LANGUAGES[0],
        by_mail_only=True,
    )


def _body(checkpoint: LogCheckpoint, note: str, language: str) -> str:
    with force_locale(language):
        return current_app.jinja_env.get_template("email/transparency/checkpoint.txt").render(
            fund=fund_name(),
            count=f"{checkpoint.size:,}",
            signed=moment(checkpoint.signed_at),
            # The note stands once, below the last language.
            note=note if language == _LANGUAGES[-1] else "",
            url=f"{current_app.config['PUBLIC_URL']}/ledger/checkpoints",
        )
