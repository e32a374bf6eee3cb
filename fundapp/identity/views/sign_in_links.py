"""Signing in by a link in the mailbox, for donors."""

import secrets

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp import clock
from fundapp.access.actors import VISITOR
from fundapp.access.marks import public
from fundapp.errors import DomainError
from fundapp.identity import operations, queries, sessions
from fundapp.identity.errors import LinkOverError
from fundapp.identity.forms import ConfirmMailboxForm, SignInLinkForm
from fundapp.identity.models import User
from fundapp.identity.operations.sign_in_links import LASTS
from fundapp.identity.views.blueprint import blueprint
from fundapp.web.forms import Answer, redirect_with, submit
from fundapp.web.limits import take_tries, visitor
from fundapp.web.locale import locale_code


@blueprint.get("/sign-in/link")
@public
def ask_for_link() -> str:
    """The form for the address."""
    return _ask_page(SignInLinkForm())


@blueprint.post("/sign-in/link")
@public
def send_link() -> Answer:
    """Send the link; the answer is the same whether a donor has the address or not."""
    form, locale = SignInLinkForm(), locale_code()
    browser = asking_browser() or secrets.token_urlsafe(32)
    message = _(
        "If somebody gave with this address, a link to sign in is on its way to it. It works for a "
        "quarter of an hour, best in this browser."
    )

    def done(_none: None) -> Response:
        return _remember_browser(browser, redirect_with(message, url_for("identity.ask_for_link")))

    return submit(
        form,
        lambda: operations.send_sign_in_link(
            form.email.value, browser=browser, locale=locale, actor=VISITOR
        ),
        done=done,
        page=lambda: _ask_page(form),
        before=lambda: take_tries(
            ("LIMIT_SIGN_IN_LINK", visitor(), None),
            ("LIMIT_SIGN_IN_LINK_EMAIL", form.email.value, None),
        ),
    )


@blueprint.get("/sign-in/link/<code>")
@public
def sign_in_link(code: str) -> Answer:
    """The button to sign in. Opening the page uses nothing up, as programs that look through mail
    open links, too.
    """
    if not queries.get_sign_in_link(code).is_open(clock.now()):
        return _ask_page(_over()), 200
    return _link_page(code, ConfirmMailboxForm()), 200


@blueprint.post("/sign-in/link/<code>")
@public
def use_link(code: str) -> Answer:
    """Sign the owner of the mailbox in."""
    form, browser = ConfirmMailboxForm(), asking_browser()

    def refused(error: DomainError) -> str:
        return _ask_page(_over()) if isinstance(error, LinkOverError) else _link_page(code, form)

    return submit(
        form,
        lambda: operations.use_sign_in_link(
            code, browser=browser, typed_email=form.email.data, actor=VISITOR
        ),
        done=_begin,
        page=lambda: _link_page(code, form),
        refused=refused,
        before=lambda: take_tries(("LIMIT_SIGN_IN_LINK", visitor(), None)),
    )


def _begin(user: User) -> Response:
    return sessions.begin(user, redirect(url_for("today.my_giving"), 303))


def _over() -> SignInLinkForm:
    """The form for another link, with why the one was refused."""
    form = SignInLinkForm(formdata=None)
    form.refuse(LinkOverError())
    return form


def asking_browser() -> str:
    """The secret of this browser; empty for one that asked for no link."""
    return request.cookies.get(_cookie_name(), "")


def _remember_browser(browser: str, response: Response) -> Response:
    response.set_cookie(
        _cookie_name(),
        browser,
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=current_app.config["SECURE"],
        httponly=True,
        # Lax, as the link is opened from a mailbox.
        samesite="Lax",
    )
    return response


def _cookie_name() -> str:
    return "__Host-link" if current_app.config["SECURE"] else "link"


def _ask_page(form: SignInLinkForm) -> str:
    return render_template("identity/ask_for_link.html", form=form)


def _link_page(code: str, form: ConfirmMailboxForm) -> str:
    return render_template(
        "identity/sign_in_link.html", form=form, code=code, is_same_browser=bool(asking_browser())
    )
