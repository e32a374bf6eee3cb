"""Messages to those who work on requests: built here, sent by `fundapp.mail`. They name nobody."""

from flask import current_app
from flask_babel import force_locale, gettext

from fundapp.disbursements.models import DisbursementRequest
from fundapp.identity.models import User
from fundapp.mail.drafts import MessageDraft
from fundapp.web.locale import fund_name

#: The language of the office; people who sign in have none of their own.
_LOCALE = "th"


def consent_withdrawn(request: DisbursementRequest, user: User) -> MessageDraft:
    """That a consent was withdrawn on which the request rests, with its number and address."""
    with force_locale(_LOCALE):
        template = current_app.jinja_env.get_template("email/disbursements/consent_withdrawn.txt")
        address = f"{current_app.config['PUBLIC_URL']}/disbursements/{request.public_id}"
        body = template.render(
            number=request.number,
            status=request.status.value,
            url=address,
            signature=fund_name(),
        )
        subject = gettext("A consent was withdrawn – request %(number)s", number=request.number)
    return MessageDraft(
        recipient_type="user",
        recipient_ref=user.public_id,
        about_type="disbursement_request",
        about_ref=request.public_id,
        to_address=user.email,
        subject=subject,
        body=body,
        locale=_LOCALE,
    )
