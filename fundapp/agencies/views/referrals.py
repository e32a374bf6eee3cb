"""Sending referrals, following them, and answering them for an agency."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.agencies import operations, queries
from fundapp.agencies.forms import (
    AgencyReferralFilter,
    DeclineForm,
    GivenForm,
    ReferralFilter,
    ReferralForm,
    VersionForm,
)
from fundapp.agencies.models import Referral, ReferralAction
from fundapp.agencies.policy import may_answer_some
from fundapp.agencies.reader import read_referral
from fundapp.agencies.views.blueprint import blueprint
from fundapp.agencies.workflow import referral_actions
from fundapp.children.models import Child
from fundapp.children.policy import may_share
from fundapp.children.queries import get_child
from fundapp.db import unit_of_reading
from fundapp.errors import NotFoundError
from fundapp.web.forms import Answer, BaseForm, redirect_with, submit

#: The form of each thing that is done, in the order of the page.
_FORMS: dict[ReferralAction, type[BaseForm]] = {
    ReferralAction.ACCEPT: VersionForm,
    ReferralAction.FINISH: GivenForm,
    ReferralAction.DECLINE: DeclineForm,
    ReferralAction.WITHDRAW: VersionForm,
}


@blueprint.get("/referrals")
@requires(Permission.REFERRAL_READ)
def referrals() -> tuple[str, int]:
    """Referrals of the viewer's districts, or of the viewer's agency that are open or done."""
    viewer, after = current_actor(), request.args.get("after")
    is_agency = may_answer_some(viewer)
    form = AgencyReferralFilter(request.args) if is_agency else ReferralFilter(request.args)
    is_valid = form.validate()
    status = form.member if is_valid else None
    if is_agency:
        page = queries.list_referrals_of_agency(status, after, viewer=viewer, today=clock.today())
    else:
        page = queries.list_referrals(status, after, viewer=viewer)
    body = render_template(
        "referrals/index.html",
        form=form,
        page=page,
        is_agency=is_agency,
        access=queries.find_access(viewer) if is_agency else None,
        today=clock.today(),
    )
    return body, 200 if is_valid else 422


@blueprint.get("/referrals/new")
@requires(Permission.REFERRAL_SEND)
def new_referral() -> str:
    """The form that refers the child of ``?child=``."""
    return _new_page(ReferralForm(formdata=None))


@blueprint.post("/referrals/new")
@requires(Permission.REFERRAL_SEND)
def send_referral() -> Answer:
    """Send it."""
    form, actor, child = ReferralForm(), current_actor(), _chosen_child()
    form.offer(queries.list_agencies_to_ask(child.district_code, clock.today()))
    child_id = child.public_id
    return submit(
        form,
        lambda: (
            operations.send_referral(
                child_id, form.draft(), key=form.form_id.data or "", actor=actor
            ).number
        ),
        done=lambda number: redirect_with(
            _("Sent. The agency gets a message without names."),
            url_for("agencies.referral", number=number),
        ),
        page=lambda: _new_page(form),
    )


@blueprint.get("/referrals/<number>")
@requires(Permission.REFERRAL_READ)
def referral(number: str) -> str:
    """A referral, which is a read of the child's file, and what can be done."""
    return _page(number)


@blueprint.post("/referrals/<number>/withdraw")
@requires(Permission.REFERRAL_SEND)
def withdraw_referral(number: str) -> Answer:
    """Take it back."""
    form, actor = VersionForm(), current_actor()
    return submit(
        form,
        lambda: operations.withdraw_referral(number, version=form.version_number, actor=actor),
        done=lambda _referral: redirect_with(
            _("Taken back. The agency sees it no more."),
            url_for("agencies.referral", number=number),
        ),
        page=lambda: _page(number, ReferralAction.WITHDRAW, form),
    )


@blueprint.post("/referrals/<number>/accept")
@requires(Permission.REFERRAL_ANSWER)
def accept_referral(number: str) -> Answer:
    """Take it on."""
    form, actor = VersionForm(), current_actor()
    return submit(
        form,
        lambda: operations.accept_referral(number, version=form.version_number, actor=actor),
        done=lambda _referral: redirect_with(
            _("Accepted. Tell what you gave when it is done."),
            url_for("agencies.referral", number=number),
        ),
        page=lambda: _page(number, ReferralAction.ACCEPT, form),
    )


@blueprint.post("/referrals/<number>/decline")
@requires(Permission.REFERRAL_ANSWER)
def decline_referral(number: str) -> Answer:
    """Say that the agency cannot help."""
    form, actor = DeclineForm(), current_actor()
    return submit(
        form,
        lambda: operations.decline_referral(
            number, form.reason.value, version=form.version_number, actor=actor
        ),
        done=lambda _referral: redirect_with(
            _("Declined. The case manager is told."), url_for("agencies.referrals")
        ),
        page=lambda: _page(number, ReferralAction.DECLINE, form),
    )


@blueprint.post("/referrals/<number>/finish")
@requires(Permission.REFERRAL_ANSWER)
def finish_referral(number: str) -> Answer:
    """Say what was given."""
    form, actor = GivenForm(), current_actor()
    return submit(
        form,
        lambda: operations.finish_referral(
            number, form.draft(), version=form.version_number, actor=actor
        ),
        done=lambda _referral: redirect_with(
            _("Thank you. The case manager is told."),
            url_for("agencies.referral", number=number),
        ),
        page=lambda: _page(number, ReferralAction.FINISH, form),
    )


def _chosen_child() -> Child:
    """The child of the address; NotFoundError unless the actor refers it."""
    actor = current_actor()
    child = get_child(request.args.get("child", ""), viewer=actor)
    if not queries.refers_child(actor, child):
        raise NotFoundError
    return child


def _new_page(form: ReferralForm) -> str:
    child, today = _chosen_child(), clock.today()
    form.offer(queries.list_agencies_to_ask(child.district_code, today))
    return render_template(
        "referrals/new.html", form=form, child=child, may_share=may_share(child, today)
    )


def _page(number: str, action: ReferralAction | None = None, sent: BaseForm | None = None) -> str:
    file = unit_of_reading(read_referral, number, actor=current_actor())
    forms = _offered(file.referral)
    if action in forms and sent is not None:
        forms[action] = sent
    return render_template(
        "referrals/show.html",
        file=file,
        forms=forms,
        refused=sent,
        is_agency=may_answer_some(current_actor()),
    )


def _offered(referral: Referral) -> dict[ReferralAction, BaseForm]:
    """The forms of what the actor can do now."""
    actor, possible = current_actor(), referral_actions(referral.status)
    answers, takes_back = may_answer_some(actor), queries.refers_child(actor, referral.child)
    data = {"version": str(referral.version)}
    return {
        action: form(formdata=None, data=data)
        for action, form in _FORMS.items()
        if action in possible and (takes_back if action is ReferralAction.WITHDRAW else answers)
    }
