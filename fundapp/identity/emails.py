"""Messages to people who sign in: built here, sent by `fundapp.mail`.

They are in Thai, the language of the fund's office, as an account has no language of its own; the
link to sign in is in that of its page.
"""

from flask import current_app
from flask_babel import force_locale, gettext

from fundapp.identity.models import Invitation, InvitationPurpose, SignInLink, User
from fundapp.mail.drafts import SECRET_MARK, MessageDraft
from fundapp.web.filters import moment
from fundapp.web.locale import DEFAULT, fund_name


def invitation_url(code: str) -> str:
    """The address at which the invitation with this code is accepted."""
    return f"{_public_url()}/invitations/{code}"


def invitation(user: User, sent: Invitation, code: str) -> MessageDraft:
    """The link with which a person chooses a password; nobody else sees it."""
    with force_locale(DEFAULT):
        is_reset = sent.purpose is InvitationPurpose.RESET
        subject = gettext("Choose a new password") if is_reset else gettext("You may sign in now")
        body = _body(
            "invitation",
            user,
            is_reset=is_reset,
            url=SECRET_MARK,
            expires_at=moment(sent.expires_at),
        )
    return _draft(user, subject, body, secret=invitation_url(code))


def sign_in_link(link: SignInLink, token: str, locale: str) -> MessageDraft:
    """The link with which a donor signs in, in the language of the page it was asked for on."""
    with force_locale(locale):
        subject = gettext("Sign in to see your gifts")
        template = current_app.jinja_env.get_template("email/identity/sign_in_link.txt")
        body = template.render(url=SECRET_MARK, signature=fund_name())
    return MessageDraft(
        recipient_type="mailbox",
        recipient_ref=str(link.id),
        about_type="sign-in",
        about_ref=str(link.id),
        to_address=link.email,
        subject=subject,
        body=body,
        locale=locale,
        secret=f"{_public_url()}/sign-in/link/{token}",
    )


def sign_in_was_reset(user: User, made: Invitation) -> MessageDraft:
    """That a person's password was taken away, and how a new one is chosen with paper."""
    with force_locale(DEFAULT):
        subject = gettext("Your sign-in was reset")
        body = _body("sign_in_was_reset", user, needs_two_sheets=made.needs_two_sheets)
    return _draft(user, subject, body)


def invitation_was_used(user: User) -> MessageDraft:
    """That somebody has used a person's invitation: if it was another, the person says so."""
    with force_locale(DEFAULT):
        subject, body = gettext("A password was chosen"), _body("invitation_was_used", user)
    return _draft(user, subject, body)


def _body(name: str, user: User, **values: object) -> str:
    template = current_app.jinja_env.get_template(f"email/identity/{name}.txt")
    return template.render(
        name=user.display_name,
        sign_in_url=f"{_public_url()}/sign-in",
        signature=fund_name(),
        **values,
    )


def _draft(user: User, subject: str, body: str, secret: str = "") -> MessageDraft:
    return MessageDraft(
        recipient_type="user",
        recipient_ref=user.public_id,
        about_type="user",
        about_ref=user.public_id,
        to_address=user.email,
        subject=subject,
        body=body,
        locale=DEFAULT,
        secret=secret,
    )


def _public_url() -> str:
    return str(current_app.config["PUBLIC_URL"])
