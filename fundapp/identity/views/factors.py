"""Second factors: setting them up, proving one again, removing them, and codes for recovery."""

from collections.abc import Callable

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.identity import operations, passkeys, queries, sessions, totp
from fundapp.identity.credentials import in_fours
from fundapp.identity.devices import device_name
from fundapp.identity.drafts import FactorAdded, FactorAnswer
from fundapp.identity.encryption import decrypt_secret
from fundapp.identity.errors import WrongFactorError
from fundapp.identity.forms import AppForm, FactorForm, PasskeyForm
from fundapp.identity.fresh_factor import factor_page
from fundapp.identity.models import TotpSecret
from fundapp.identity.views.blueprint import blueprint
from fundapp.identity.views.sign_in import local_path
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit
from fundapp.web.locale import fund_name
from fundapp.web.qr_codes import qr_svg


@blueprint.get("/factors/set-up")
@requires(Permission.FACTOR_SET_UP)
def set_up() -> str:
    """Which second factor to set up."""
    return _set_up_page(ButtonForm())


@blueprint.post("/factors/app/begin")
@requires(Permission.FACTOR_SET_UP)
@fresh_factor
def begin_app() -> Answer:
    """Make the secret of an authenticator app."""
    form, actor = ButtonForm(), sessions.own_session().user.as_actor()
    return submit(
        form,
        lambda: operations.begin_totp(actor=actor),
        done=lambda _row: redirect(url_for("identity.app"), 303),
        page=lambda: _set_up_page(form),
    )


@blueprint.get("/factors/app")
@requires(Permission.FACTOR_SET_UP)
@fresh_factor
def app() -> str | Response:
    """The QR code of the app's secret, and the form for its first code."""
    waiting = queries.find_waiting_app(sessions.own_session().user.id)
    return _app_page(AppForm(), waiting) if waiting else redirect(url_for("identity.set_up"))


@blueprint.post("/factors/app")
@requires(Permission.FACTOR_SET_UP)
@fresh_factor
def confirm_app() -> Answer:
    """Let the app prove who one is from now on."""
    form, current = AppForm(), sessions.own_session()
    actor = current.user.as_actor()
    return submit(
        form,
        lambda: operations.confirm_totp(code=form.code.data, session_id=current.id, actor=actor),
        done=_added,
        page=lambda: _app_page(form, queries.find_waiting_app(current.user.id)),
    )


@blueprint.get("/factors/passkeys/new")
@requires(Permission.FACTOR_SET_UP)
@fresh_factor
def new_passkey() -> str:
    """The page on which the browser makes a passkey."""
    return _passkey_page(PasskeyForm())


@blueprint.post("/factors/passkeys/new")
@requires(Permission.FACTOR_SET_UP)
@fresh_factor
def add_passkey() -> Answer:
    """Let a passkey prove who one is from now on."""
    form, current = PasskeyForm(), sessions.own_session()
    answer = FactorAnswer("", form.factor_passkey.data or "", sessions.passkey_context())
    name = form.name.data or device_name(request.user_agent.string) or _("Passkey")
    actor = current.user.as_actor()
    return submit(
        form,
        lambda: operations.add_passkey(
            name=name, answer=answer, session_id=current.id, actor=actor
        ),
        done=_added,
        page=lambda: _passkey_page(form),
    )


@blueprint.post("/factors/app/remove")
@requires(Permission.FACTOR_SET_UP)
@fresh_factor
def remove_app() -> Answer:
    """Remove one's authenticator app."""
    actor = current_actor()
    return _remove(lambda: operations.remove_app(actor=actor))


@blueprint.post("/factors/passkeys/<int:passkey_id>/remove")
@requires(Permission.FACTOR_SET_UP)
@fresh_factor
def remove_passkey(passkey_id: int) -> Answer:
    """Remove one of one's passkeys."""
    actor = current_actor()
    return _remove(lambda: operations.remove_passkey(passkey_id, actor=actor))


@blueprint.post("/factors/recovery-codes")
@requires(Permission.FACTOR_SET_UP)
@fresh_factor
def renew_recovery_codes() -> Answer:
    """Ten new recovery codes, shown once."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.renew_recovery_codes(actor=actor),
        done=lambda codes: (_recovery_page(codes), 200),
        page=lambda: _set_up_page(form),
    )


@blueprint.post("/factors/renew")
@requires(Permission.FACTOR_SET_UP)
def renew_factor() -> Answer:
    """Prove a second factor again, and go back to the page that asked for it."""
    form = FactorForm()
    target = local_path(form.next.data)
    answer = sessions.factor_answer(form)
    refusal = sessions.prove(answer) if answer.is_given else WrongFactorError(field="factor_code")
    if refusal is None:
        return redirect(target, 303)
    return factor_page(form, sessions.own_session(), refusal=refusal, target=target)


def _added(added: FactorAdded) -> Answer:
    """The session is proved now; the recovery codes are shown, where they are the first ones."""
    sessions.renew(added.token)
    if added.recovery_codes:
        return _recovery_page(added.recovery_codes), 200
    return redirect_with(_("The second factor has been added."), url_for("identity.own_sessions"))


def _remove(work: Callable[[], object]) -> Answer:
    form, account_url = ButtonForm(), url_for("identity.own_sessions", _anchor="factors")
    done = _("The second factor has been removed.")
    return submit(
        form,
        work,
        done=lambda _user: redirect_with(done, account_url),
        page=lambda: _set_up_page(form),
    )


def _set_up_page(form: ButtonForm) -> str:
    return render_template(
        "identity/set_up.html",
        form=form,
        is_first=sessions.unproved_session() is not None,
        has_passkeys=sessions.passkey_context().is_possible,
    )


def _app_page(form: AppForm, waiting: TotpSecret | None) -> str:
    secret = decrypt_secret(waiting) if waiting else ""
    email = sessions.own_session().user.email
    uri = totp.setup_uri(secret, email=email, issuer=_issuer())
    picture = qr_svg(uri, title=_("QR code for an authenticator app"))
    return render_template(
        "identity/app.html",
        form=form,
        # Our own drawing; the title in it is escaped.
        picture=Markup(picture),  # noqa: S704
        secret=in_fours(secret),
    )


def _passkey_page(form: PasskeyForm) -> str:
    user, context = sessions.own_session().user, sessions.passkey_context()
    held = queries.find_factors(user.id).passkeys
    return render_template(
        "identity/new_passkey.html",
        form=form,
        options=passkeys.creation_options(user, held, context, site=fund_name()),
        is_possible=context.is_possible,
    )


def _recovery_page(codes: tuple[str, ...]) -> str:
    return render_template(
        "identity/recovery_codes.html",
        codes=[in_fours(code) for code in codes],
        email=sessions.own_session().user.email,
    )


def _issuer() -> str:
    """What apps show beside the code: short, and the same in every language."""
    return str(current_app.config["FUND_NAME_EN"])
