"""What is written to those who owe proofs of receipt, and what a concern says of a call-back. Both
name nobody.
"""

from flask import current_app
from flask_babel import force_locale, gettext, ngettext

from fundapp.callbacks.models import Callback
from fundapp.identity.models import User
from fundapp.mail.drafts import MessageDraft
from fundapp.web.locale import fund_name

#: The language of the office; people who sign in have none of their own.
_LOCALE = "th"


def overdue_proofs(person: User, count: int) -> MessageDraft:
    """That so many proofs of receipt are overdue, with the address of their list."""
    with force_locale(_LOCALE):
        template = current_app.jinja_env.get_template("email/callbacks/overdue_proofs.txt")
        address = f"{current_app.config['PUBLIC_URL']}/callbacks/overdue-proofs"
        body = template.render(count=count, url=address, signature=fund_name())
        subject = ngettext(
            "%(num)d proof of receipt is overdue", "%(num)d proofs of receipt are overdue", count
        )
    return MessageDraft(
        recipient_type="user",
        recipient_ref=person.public_id,
        about_type="overdue_proofs",
        about_ref=person.public_id,
        to_address=person.email,
        subject=subject,
        body=body,
        locale=_LOCALE,
    )


def words_of_concern(callback: Callback) -> str:
    """Which call-back and request say that the money did not arrive; what was said stands there."""
    with force_locale(_LOCALE):
        return gettext(
            "Call-back %(callback)s on request %(request)s: the payee says that the amount was not "
            "received, or not all of it. What was said is with the call-back.",
            callback=callback.number,
            request=callback.request.number,
        )
