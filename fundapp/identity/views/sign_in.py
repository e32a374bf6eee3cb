"""Signing in and out."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from fundapp.access.marks import public
from fundapp.email_addresses import comparable_email
from fundapp.identity import queries, sessions
from fundapp.identity.errors import WrongFactorError
from fundapp.identity.forms import FactorForm, SignInForm
from fundapp.identity.known_devices import remember_device
from fundapp.identity.queries import OpenSession
from fundapp.identity.tries import find_refusal, give_sign_in_try_back
from fundapp.identity.views.blueprint import blueprint
from fundapp.web.errors import headers_of, refused_form, status_of
from fundapp.web.forms import Answer
from fundapp.web.request_checks import sent_by_own_page


@blueprint.get("/sign-in")
@public
def sign_in() -> Response | str:
    """The form to sign in with; whoever is signed in goes on to the page asked for."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    return _sign_in_page(SignInForm(data={"next": target}))


@blueprint.post("/sign-in")
@public
def submit_sign_in() -> Answer:
    """Sign the person in, or say that address or password is wrong without saying which."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form), 422  # no password was tried
    account = comparable_email(form.email.value)
    refusal = find_refusal(account)
    if refusal is not None:
        form.refuse(refusal)
        return _sign_in_page(form), 429, headers_of(refusal)
    user = sessions.authenticate(form.email.value, form.password.value)
    if user is None:
        form.form_errors.append(_("The e-mail address or the password is not right."))
        return _sign_in_page(form), 422
    give_sign_in_try_back(account)
    target = local_path(form.next.data)
    if user.is_staff:
        return sessions.begin(user, redirect(url_for("identity.factor", next=target), 303))
    return remember_device(account, sessions.begin(user, redirect(target, 303)))


@blueprint.errorhandler(CSRFError)
def refuse_form(error: CSRFError) -> Answer:
    """Lead whoever has signed in in another tab, after this form to sign in was opened, on to where
    it leads; its token is of before.
    """
    if request.endpoint != "identity.submit_sign_in" or not sent_by_own_page():
        return refused_form(error)
    target = local_path(SignInForm().next.data)
    if current_user.is_authenticated:
        return redirect(target, 303)
    if sessions.unproved_session() is not None:
        return redirect(url_for("identity.factor", next=target), 303)
    return refused_form(error)


@blueprint.get("/sign-in/factor")
@public
def factor() -> Response | str:
    """The form for the second factor of whoever's password was right."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    current = sessions.unproved_session()
    if current is None:
        return redirect(url_for("identity.sign_in", next=target))
    if not queries.find_factors(current.user.id).count:
        return redirect(url_for("identity.set_up"))
    return _factor_page(FactorForm(data={"next": target}), current)


@blueprint.post("/sign-in/factor")
@public
def prove_factor() -> Answer:
    """Sign the person in when the second factor is right; the session gets another token."""
    form = FactorForm()
    current = sessions.unproved_session()
    if current is None:
        return redirect(url_for("identity.sign_in", next=local_path(form.next.data)), 303)
    answer = sessions.factor_answer(form)
    refusal = sessions.prove(answer) if answer.is_given else WrongFactorError(field="factor_code")
    if refusal is None:
        response = redirect(local_path(form.next.data), 303)
        return remember_device(comparable_email(current.user.email), response)
    sessions.refuse_factor(form, refusal)
    return _factor_page(form, current), status_of(refusal), headers_of(refusal)


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session on this device."""
    response = sessions.end(redirect(url_for("identity.sign_in"), 303))
    flash(_("You have signed out."), "success")
    return response


def local_path(target: str | None) -> str:
    """``target`` if it is a path of this site, else the workspace: no redirect leaves the site."""
    if target and target.isprintable() and "\\" not in target:
        is_local = target.startswith("/") and not target.startswith("//")
        return target if is_local else url_for("today.index")
    return url_for("today.index")


def _sign_in_page(form: SignInForm) -> str:
    return render_template("identity/sign_in.html", form=form)


def _factor_page(form: FactorForm, current: OpenSession) -> str:
    options = sessions.passkey_options(queries.find_factors(current.user.id))
    return render_template("identity/factor.html", form=form, passkey_options=options)
