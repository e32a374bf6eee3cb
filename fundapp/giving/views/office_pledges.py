"""The office enters pledges from signed papers, and opens and changes any pledge for its donor."""

from collections.abc import Callable

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.documents.queries import list_documents
from fundapp.documents.serving import document_response
from fundapp.errors import NotFoundError
from fundapp.giving import operations, queries
from fundapp.giving.forms import (
    ActForm,
    OfficeChangeForm,
    PaperForm,
    PaperPledgeForm,
    PledgeSearch,
    WriteOffForm,
)
from fundapp.giving.history import history_for_office
from fundapp.giving.models import Pledge
from fundapp.giving.paper_reader import open_paper
from fundapp.giving.policy import instalment_state
from fundapp.giving.views.blueprint import blueprint
from fundapp.giving.workflow import PledgeAction, is_possible
from fundapp.remarks.reader import WordsReader
from fundapp.web.forms import Answer, BaseForm, redirect_with, submit

_ACTS: dict[str, Callable[..., Pledge]] = {
    PledgeAction.PAUSE: operations.pause_pledge,
    PledgeAction.RESUME: operations.resume_pledge,
    PledgeAction.CANCEL: operations.cancel_pledge,
}


@blueprint.get("/office/pledges")
@requires(Permission.DONOR_READ)
def office_pledges() -> tuple[str, int]:
    """Pledges, the newest first, or those in one state."""
    form = PledgeSearch(request.args)
    is_valid = form.validate()
    page = queries.list_pledges(
        form.status.member if is_valid else None, after=request.args.get("after")
    )
    may_record = current_actor().can(Permission.PAYMENT_RECORD)
    body = render_template(
        "giving/office_pledges.html", form=form, page=page, may_record=may_record
    )
    return body, 200 if is_valid else 422


@blueprint.get("/office/pledges/new")
@requires(Permission.PAYMENT_RECORD)
def new_paper_pledge() -> str:
    """The form for a signed paper; ``?donor=`` names a donor on file."""
    return _form_page(PaperPledgeForm(queries.list_offered_funds()))


@blueprint.post("/office/pledges/new")
@requires(Permission.PAYMENT_RECORD)
def enter_pledge() -> Answer:
    """Enter it; the same form sent twice is one pledge."""
    form, actor = PaperPledgeForm(queries.list_offered_funds()), current_actor()
    return submit(
        form,
        lambda: operations.enter_pledge(form.terms(), paper=form.paper.accepted, actor=actor),
        done=lambda pledge: redirect_with(
            _("The pledge is entered. A donor with an e-mail address is told."), _url(pledge)
        ),
        page=lambda: _form_page(form),
        before=form.paper.take_in,
    )


@blueprint.get("/office/pledges/<reference>")
@requires(Permission.DONOR_READ)
def office_pledge(reference: str) -> str:
    """One pledge by the reference of one of its parts: its parts, its paper and its history."""
    return _pledge_page(_get(reference))


@blueprint.post("/office/pledges/<reference>/change")
@requires(Permission.PAYMENT_RECORD)
def change_for_donor(reference: str) -> Answer:
    """Change its terms, with a reason."""
    form, pledge, actor = OfficeChangeForm(), _get(reference), current_actor()
    token = pledge.token
    return submit(
        form,
        lambda: operations.change_pledge(token, **form.terms, reason=form.reason.data, actor=actor),
        done=_done(_("The pledge is changed. A donor with an e-mail address is told.")),
        page=lambda: _pledge_page(_get(reference), form),
    )


@blueprint.post("/office/pledges/<reference>/act")
@requires(Permission.PAYMENT_RECORD)
def act_for_donor(reference: str) -> Answer:
    """Pause, resume or cancel it, with a reason."""
    pledge, actor = _get(reference), current_actor()
    form, token = ActForm(pledge), pledge.token
    return submit(
        form,
        lambda: _ACTS[str(form.action.data)](token, reason=form.act_reason.data, actor=actor),
        done=_done(_("Done. A donor with an e-mail address is told.")),
        page=lambda: _pledge_page(_get(reference), form),
    )


@blueprint.post("/office/pledges/<reference>/write-off")
@requires(Permission.PAYMENT_RECORD)
def write_off_for_donor(reference: str) -> Answer:
    """Write a part off or open it again, with a reason."""
    pledge, actor = _get(reference), current_actor()
    form, token = WriteOffForm(pledge), pledge.token

    def work() -> Pledge:
        acts = (
            operations.take_write_off_back if form.takes_back else operations.write_off_instalment
        )
        return acts(token, form.number, reason=form.off_reason.data, actor=actor)

    return submit(
        form,
        work,
        done=_done(_("Done. A donor with an e-mail address is told.")),
        page=lambda: _pledge_page(_get(reference), form),
    )


@blueprint.post("/office/pledges/<reference>/papers")
@requires(Permission.PAYMENT_RECORD)
def file_pledge_paper(reference: str) -> Answer:
    """Keep a scan of its paper."""
    form, pledge, actor = PaperForm(), _get(reference), current_actor()
    token = pledge.token

    def work() -> Pledge:
        if form.paper.accepted is None:
            raise NotFoundError
        return operations.file_paper(token, paper=form.paper.accepted, actor=actor)

    return submit(
        form,
        work,
        done=_done(_("The paper is filed.")),
        page=lambda: _pledge_page(_get(reference), form),
        before=form.paper.take_in,
    )


@blueprint.get("/office/pledges/<reference>/papers/<document_id>")
@requires(Permission.DONOR_READ)
def pledge_paper(reference: str, document_id: str) -> Response:
    """A scan, to download."""
    for document in list_documents("pledge", [str(_get(reference).id)]):
        if document.public_id == document_id:
            return document_response(document, open_paper(document))
    raise NotFoundError


def _get(reference: str) -> Pledge:
    found = queries.find_instalment(reference)
    if found is None:
        raise NotFoundError
    return found.pledge


def _url(pledge: Pledge) -> str:
    return url_for("giving.office_pledge", reference=pledge.instalments[0].reference)


def _done(message: str) -> Callable[[Pledge], AnyResponse]:
    return lambda pledge: redirect_with(message, _url(pledge))


def _form_page(form: PaperPledgeForm) -> str:
    return render_template("giving/paper_pledge.html", form=form)


def _pledge_page(pledge: Pledge, sent: BaseForm | None = None) -> str:
    """The page of a pledge; ``sent`` is a form that was refused."""
    actor, today = current_actor(), clock.today()
    return render_template(
        "giving/office_pledge.html",
        pledge=pledge,
        reference=pledge.instalments[0].reference,
        states={row.id: instalment_state(row, pledge.status, today) for row in pledge.instalments},
        receipts=queries.list_pledge_receipts(pledge.id),
        papers=list_documents("pledge", [str(pledge.id)]),
        history=history_for_office(pledge, WordsReader(actor)),
        may_change=is_possible(pledge.status, PledgeAction.CHANGE),
        may_record=actor.can(Permission.PAYMENT_RECORD),
        change_form=sent if isinstance(sent, OfficeChangeForm) else OfficeChangeForm.of(pledge),
        act_form=sent if isinstance(sent, ActForm) else ActForm(pledge, formdata=None),
        off_form=sent if isinstance(sent, WriteOffForm) else WriteOffForm(pledge, formdata=None),
        paper_form=sent if isinstance(sent, PaperForm) else PaperForm(formdata=None),
    )
