"""Signing in and out."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fundapp.access.marks import public
from fundapp.email_addresses import comparable_email
from fundapp.identity import sessions
from fundapp.identity.forms import SignInForm
from fundapp.identity.known_devices import remember_device
from fundapp.identity.tries import find_refusal, give_sign_in_try_back
from fundapp.identity.views.blueprint import blueprint
from fundapp.web.errors import headers_of
from fundapp.web.forms import Answer


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
    """Sign the person in, or say that address or password is wrong without saying which."""
    form, account = SignInForm(), comparable_email(request.form.get("email", ""))
    refusal = find_refusal(account)
    if refusal is not None:
        form.refuse(refusal)
        return _sign_in_page(form), 429, headers_of(refusal)
    if form.validate_on_submit():
        user = sessions.authenticate(form.email.value, form.password.value)
        if user is not None:
            give_sign_in_try_back(account)
            response = sessions.begin(user, redirect(_local_path(form.next.data), 303))
            return remember_device(account, response)
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


def _local_path(target: str | None) -> str:
    """``target`` if it is a path of this site, else the workspace: no redirect leaves the site."""
    if target and target.isprintable() and "\\" not in target:
        is_local = target.startswith("/") and not target.startswith("//")
        return target if is_local else url_for("today.index")
    return url_for("today.index")
