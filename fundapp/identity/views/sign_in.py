"""Signing in and out."""

import hashlib

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from fundapp.access.marks import public
from fundapp.identity import sessions
from fundapp.identity.credentials import normalised_email
from fundapp.identity.forms import SignInForm
from fundapp.identity.views import blueprint
from fundapp.web.limits import give_try_back, take_try, visitor

WORKSPACE = "/today"


def account_key() -> str:
    """Counts by the account that is tried, known or not; hashed, so that no address is kept."""
    email = normalised_email(request.form.get("email", ""))
    return "account:" + hashlib.sha256(email.encode("utf-8", "replace")).hexdigest()


def visitor_key() -> str:
    """Counts by the visitor's address on the net."""
    return "visitor:" + visitor()


@blueprint.get("/sign-in")
@public
def sign_in() -> AnyResponse | str:
    """The door."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    return render_template("identity/sign_in.html", form=SignInForm(data={"next": target}))


@blueprint.post("/sign-in")
@public
def submit_sign_in() -> AnyResponse | tuple[str, int]:
    """Let the person in, or say that address or password is wrong without saying which.

    Tries count before the password is looked at. A visitor who had too many cannot use up those of
    an account; and a right one is given back to the visitor, because many people share an office's
    address.
    """
    take_try("LIMIT_SIGN_IN", visitor_key())
    take_try("LIMIT_SIGN_IN", account_key())
    take_try("LIMIT_SIGN_IN_ALL", "everybody")
    form = SignInForm()
    if form.validate_on_submit():
        user = sessions.authenticate(form.email.data or "", form.password.data or "")
        if user is not None:
            give_try_back("LIMIT_SIGN_IN", visitor_key())
            return sessions.begin(user, redirect(local_path(form.next.data), 303))
        form.form_errors.append(_("The e-mail address or the password is not right."))
    return render_template("identity/sign_in.html", form=form), 422


@blueprint.post("/sign-out")
@public
def sign_out() -> AnyResponse:
    """End the session on this device."""
    response = sessions.end(redirect(url_for("identity.sign_in"), 303))
    flash(_("You have signed out."), "success")
    return response


def local_path(target: str | None) -> str:
    """``target`` if it is a path of this site, else the workspace: nobody is sent elsewhere."""
    if not target or not target.isprintable() or "\\" in target:
        return WORKSPACE
    return target if target[0] == "/" and target[1:2] != "/" else WORKSPACE
