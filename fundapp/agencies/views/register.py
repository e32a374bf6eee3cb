"""The register of agencies, and proposing what changes in it."""

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission, Role
from fundapp.agencies import kinds, queries
from fundapp.agencies.forms import AccessForm, AgencyForm, NewAgencyForm
from fundapp.agencies.models import Agency
from fundapp.agencies.policy import may_propose_agency
from fundapp.agencies.steps import AGENCY
from fundapp.agencies.views.blueprint import blueprint
from fundapp.documents.operations import store_document
from fundapp.documents.papers import open_paper
from fundapp.documents.queries import get_document
from fundapp.documents.serving import document_response
from fundapp.identity.queries import list_people
from fundapp.ids import new_public_id
from fundapp.places.queries import list_districts
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import make_proposal
from fundapp.proposals.queries import version_of_values
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/agencies")
@requires(Permission.AGENCY_READ)
def index() -> str:
    """Every agency, with its districts and until when its agreement holds."""
    return render_template(
        "agencies/index.html",
        agencies=queries.list_agencies(),
        districts=_districts(),
        today=clock.today(),
        may_propose=may_propose_agency(current_actor()),
    )


@blueprint.get("/agencies/<public_id>")
@requires(Permission.AGENCY_READ)
def show(public_id: str) -> str:
    """An agency, its agreement, and who signs in for it."""
    agency, actor = queries.get_agency(public_id), current_actor()
    may_propose = may_propose_agency(actor)
    return render_template(
        "agencies/show.html",
        agency=agency,
        districts=_districts(),
        today=clock.today(),
        accesses=queries.list_accesses(agency) if may_propose else None,
    )


@blueprint.get("/agencies/papers/<document_id>")
@requires(Permission.AGENCY_READ)
def paper(document_id: str) -> Response:
    """A signed agreement."""
    document = get_document(AGENCY, document_id)
    return document_response(document, open_paper(document))


@blueprint.get("/agencies/new")
@requires(Permission.HOUSE_PROPOSE)
def new() -> str:
    """The form of a new agency."""
    return _form_page(NewAgencyForm(formdata=None), None)


@blueprint.post("/agencies/new")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_new() -> Answer:
    """Propose a new agency."""
    return _propose(NewAgencyForm(), None)


@blueprint.get("/agencies/<public_id>/change")
@requires(Permission.HOUSE_PROPOSE)
def change(public_id: str) -> str:
    """The form of an agency, with what is so now."""
    agency = queries.get_agency(public_id)
    given = {
        name: getattr(agency, name)
        for name in ("name", "kind", "email", "phone", "starts_on", "ends_on")
    }
    seen = version_of_values(kinds.AGENCY_PROPOSAL, public_id)
    data = {**given, "districts": agency.district_codes, "version": seen}
    return _form_page(AgencyForm(formdata=None, data=data), agency)


@blueprint.post("/agencies/<public_id>/change")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_change(public_id: str) -> Answer:
    """Propose what it is from then on."""
    return _propose(AgencyForm(), queries.get_agency(public_id))


@blueprint.get("/agencies/<public_id>/people")
@requires(Permission.HOUSE_PROPOSE)
def access(public_id: str) -> str:
    """The form that lets somebody sign in for the agency."""
    return _access_page(AccessForm(formdata=None), queries.get_agency(public_id))


@blueprint.post("/agencies/<public_id>/people")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def propose_access(public_id: str) -> Answer:
    """Propose it."""
    form, agency, actor = AccessForm(), queries.get_agency(public_id), current_actor()
    form.offer(list_people(Role.AGENCY))
    return submit(
        form,
        lambda: make_proposal(
            kinds.ACCESS_PROPOSAL,
            form.person.data,
            kinds.access_values(public_id, form.ends_on.value),
            actor=actor,
        ),
        done=_proposed,
        page=lambda: _access_page(form, agency),
    )


def _propose(form: AgencyForm, agency: Agency | None) -> Answer:
    actor = current_actor()
    form.offer(list_districts())
    subject = agency.public_id if agency else new_public_id()
    kept = agency.document.public_id if agency else ""
    seen = (form.version.data or "") if agency else None

    def work() -> Proposal:
        document = _store_paper(form, subject, actor) or kept
        values = kinds.agency_values(form.draft(document))
        return make_proposal(kinds.AGENCY_PROPOSAL, subject, values, seen=seen, actor=actor)

    return submit(
        form,
        work,
        before=form.paper.take_in,
        done=_proposed,
        page=lambda: _form_page(form, agency),
    )


def _store_paper(form: AgencyForm, subject: str, actor: Actor) -> str:
    """The public id of the paper that was sent; empty without one."""
    if form.paper.accepted is None:
        return ""
    stored = store_document(
        form.paper.accepted, subject_type=AGENCY, subject_ref=subject, actor=actor
    )
    return stored.document.public_id


def _proposed(proposal: Proposal) -> Answer:
    return redirect_with(
        _("Proposed. Another person, an administrator, confirms it."),
        url_for("proposals.show", public_id=proposal.public_id),
    )


def _form_page(form: AgencyForm, agency: Agency | None) -> str:
    form.offer(list_districts())
    return render_template("agencies/form.html", form=form, agency=agency)


def _access_page(form: AccessForm, agency: Agency) -> str:
    form.offer(list_people(Role.AGENCY))
    return render_template("agencies/access.html", form=form, agency=agency)


def _districts() -> dict[str, object]:
    return {district.code: district for district in list_districts()}
