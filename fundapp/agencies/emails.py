"""Messages on referrals: built here, sent by `fundapp.mail`. They name no child and no need."""

from flask import current_app
from flask_babel import force_locale, gettext

from fundapp.agencies.models import Referral
from fundapp.identity.models import User
from fundapp.mail.drafts import MessageDraft
from fundapp.web.locale import DEFAULT, fund_name


def referral_was_sent(referral: Referral) -> MessageDraft:
    """To the agency: that a referral waits for its answer."""
    agency = referral.agency
    with force_locale(DEFAULT):
        subject = gettext("A child was referred to you – %(number)s", number=referral.number)
        body = _body("referral_was_sent", referral)
    return _draft(referral, "agency", agency.public_id, agency.email, subject, body)


def referral_was_answered(referral: Referral, user: User) -> MessageDraft:
    """To the case manager who sent it, or has the child now: that the agency answered."""
    with force_locale(DEFAULT):
        subject = gettext("An agency answered – %(number)s", number=referral.number)
        body = _body("referral_was_answered", referral)
    return _draft(referral, "user", user.public_id, user.email, subject, body)


def _body(name: str, referral: Referral) -> str:
    template = current_app.jinja_env.get_template(f"email/agencies/{name}.txt")
    address = f"{current_app.config['PUBLIC_URL']}/referrals/{referral.number}"
    return template.render(referral=referral, url=address, signature=fund_name())


def _draft(
    referral: Referral, to_type: str, to_ref: str, address: str, subject: str, body: str
) -> MessageDraft:
    return MessageDraft(
        recipient_type=to_type,
        recipient_ref=to_ref,
        about_type="referral",
        about_ref=referral.number,
        to_address=address,
        subject=subject,
        body=body,
        locale=DEFAULT,
    )
