"""Asks for a second factor again before what moves money or changes who may do what.

A view that carries ``@fresh_factor`` runs only a short while after a factor was proved in the
session. Else the answer is a page that holds every field that was sent and asks for a code or a
passkey: it is sent to the same address, so that nothing is typed twice, with or without a script.
"""

from datetime import timedelta

from flask import render_template, request, url_for

from fundapp import clock
from fundapp.db import unit_of_work
from fundapp.db.instants import TOLERANCE
from fundapp.errors import DomainError, TooManyTriesError
from fundapp.identity import operations, sessions
from fundapp.identity.forms import FactorForm
from fundapp.identity.queries import OpenSession, find_factors
from fundapp.web.errors import headers_of, own_referrer
from fundapp.web.forms import Answer
from fundapp.web.locale import translated

FRESH = timedelta(minutes=5)
#: The fields that the page adds; no form of ours has others of these names.
_OWN_FIELDS = frozenset({"factor_code", "factor_passkey"})


def is_fresh(current: OpenSession) -> bool:
    """Whether a second factor was proved a short while ago; donors have none."""
    if not current.user.is_staff:
        return True
    at, now = current.factor_at, clock.reading()
    return at is not None and at - TOLERANCE <= now < at + FRESH


def demand() -> Answer | None:
    """The page that asks for a second factor, or None when the request may go on: a factor is
    fresh, or the request brings one.
    """
    current = sessions.own_session()
    if is_fresh(current):
        return None
    form = FactorForm()
    answer = sessions.factor_answer(form)
    refusal = None
    if request.method == "POST" and answer.is_given:
        refusal = sessions.prove(answer)
        if refusal is None:
            return None
    else:
        unit_of_work(
            operations.record_refused_factor,
            note=f"too old {request.endpoint}",
            actor=current.user.as_actor(),
        )
    return factor_page(form, current, refusal=refusal)


def factor_page(
    form: FactorForm, current: OpenSession, *, refusal: DomainError | None, target: str = ""
) -> Answer:
    """The page itself, with what is wrong; it leads on to what was asked for, or to the page
    ``target``. 403, or 429 with the time to wait.
    """
    if refusal is not None:
        sessions.refuse_factor(form, refusal)
    is_form, late = request.method == "POST" and not target, sessions.find_clock_error()
    address = request.full_path.rstrip("?")
    page = render_template(
        "identity/fresh_factor.html",
        form=form,
        clock_note=translated(late) if late and not refusal else "",
        action=address if is_form else url_for("identity.renew_factor"),
        fields=_sent_fields() if is_form else [("next", target or address)],
        files=_sent_files() if is_form else [],
        back_url=own_referrer() if request.method == "GET" else None,
        passkey_options=sessions.passkey_options(find_factors(current.user.id)),
    )
    if isinstance(refusal, TooManyTriesError):
        return page, 429, headers_of(refusal)
    return page, 403


def _sent_fields() -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.form.lists()
        if name not in _OWN_FIELDS
        for value in values
    ]


def _sent_files() -> list[str]:
    """The names of the fields in which files were sent: a page cannot send a file by itself."""
    return [name for name, file in request.files.items() if file.filename]
