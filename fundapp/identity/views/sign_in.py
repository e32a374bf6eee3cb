"""Signing in and out."""

import hashlib

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fundapp.access.marks import public
from fundapp.email_addresses import comparable_email
from fundapp.identity import sessions
from fundapp.identity.forms import SignInForm
from fundapp.identity.views.blueprint import blueprint
from fundapp.web.forms import Answer
from fundapp.web.limits import give_try_back, take_try, visitor


@blueprint.get("/sign-in")
@public
def sign_in() -> Response | str:
    """The form to sign in with; whoever is signed in goes on to the page asked for."""
    target = _local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    return _sign_in_page(SignInForm(data={"next": target}))


@blueprint.post("/sign-in")
@public
def submit_sign_in() -> Answer:
    """Sign the person in, or say that address or password is wrong without saying which.

    Tries count before the password is verified. A visitor who had too many cannot use up those of
    an account; and a successful one is not counted for the visitor, because many people share the
    address of an office.
    """
    take_try("LIMIT_SIGN_IN", _visitor_key())
    take_try("LIMIT_SIGN_IN", _account_key())
    take_try("LIMIT_SIGN_IN_ALL", "everybody")
    form = SignInForm()
    if form.validate_on_submit():
        user = sessions.authenticate(form.email.value, form.password.value)
        if user is not None:
            give_try_back("LIMIT_SIGN_IN", _visitor_key())
            return sessions.begin(user, redirect(_local_path(form.next.data), 303))
        form.form_errors.append(_("The e-mail address or the password is not right."))
    return _sign_in_page(form), 422


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session on this device."""
    response = sessions.end(redirect(url_for("identity.sign_in"), 303))
    flash(_("You have signed out."), "success")
    return response


def _sign_in_page(form: SignInForm) -> str:
    return render_template("identity/sign_in.html", form=form)


def _account_key() -> str:
    """The key of limits by account, known or not; hashed, so that no address is stored."""
    email = comparable_email(request.form.get("email", ""))
    return "account:" + hashlib.sha256(email.encode("utf-8", "replace")).hexdigest()


def _visitor_key() -> str:
    """The key of limits by visitor."""
    return "visitor:" + visitor()


def _local_path(target: str | None) -> str:
    """``target`` if it is a path of this site, else the workspace: no redirect leaves the site."""
    if target and target.isprintable() and "\\" not in target:
        is_local = target.startswith("/") and not target.startswith("//")
        return target if is_local else url_for("today.index")
    return url_for("today.index")
