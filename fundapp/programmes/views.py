"""The pages of the programme's phases."""

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children.models import TargetGroup
from fundapp.children.suppression import SMALLEST_SHOWN, TOTAL
from fundapp.identity.actor_names import name_actors
from fundapp.places.queries import list_districts
from fundapp.programmes import operations, queries
from fundapp.programmes.forms import POSITIONS, PhaseForm, given
from fundapp.programmes.policy import may_keep_programmes
from fundapp.web.forms import Answer, redirect_with, submit

blueprint = Blueprint("programmes", __name__)


@blueprint.get("/programmes")
@requires(Permission.PROGRAMME_READ)
def index() -> str:
    """Every phase with its targets, and how many children were reached."""
    actor = current_actor()
    return render_template(
        "programmes/index.html",
        reports=queries.report_phases(queries.list_phases(), actor=actor),
        total=TOTAL,
        smallest=SMALLEST_SHOWN,
        may_keep=may_keep_programmes(actor),
    )


@blueprint.get("/programmes/new")
@requires(Permission.PROGRAMME_KEEP)
def new() -> str:
    """The form of a new phase."""
    return _form_page(PhaseForm(formdata=None))


@blueprint.post("/programmes/new")
@requires(Permission.PROGRAMME_KEEP)
def open_phase() -> Answer:
    """Write a new phase."""
    form, actor = _offered(PhaseForm()), current_actor()
    return submit(
        form,
        lambda: (
            operations.open_phase(form.draft, key=form.form_id.data or "", actor=actor).public_id
        ),
        done=lambda public_id: _to(_("The phase is stored."), public_id),
        page=lambda: _form_page(form),
    )


@blueprint.get("/programmes/<public_id>")
@requires(Permission.PROGRAMME_READ)
def show(public_id: str) -> str:
    """A phase: reached against target by district and group, and what it said before."""
    phase, actor = queries.get_phase(public_id), current_actor()
    (report,) = queries.report_phases([phase], actor=actor)
    return render_template(
        "programmes/show.html",
        report=report,
        version=report.version,
        groups=list(TargetGroup),
        total=TOTAL,
        smallest=SMALLEST_SHOWN,
        names=name_actors({version.written_by for version in phase.versions}),
        may_keep=may_keep_programmes(actor),
    )


@blueprint.get("/programmes/<public_id>/change")
@requires(Permission.PROGRAMME_KEEP)
def change(public_id: str) -> str:
    """The form of a phase, with what it says now."""
    phase = queries.get_phase(public_id)
    return _form_page(PhaseForm(formdata=None, data=given(phase.newest)), public_id)


@blueprint.post("/programmes/<public_id>/change")
@requires(Permission.PROGRAMME_KEEP)
def change_phase(public_id: str) -> Answer:
    """Write what it says from now on."""
    queries.get_phase(public_id)
    form, actor = _offered(PhaseForm()), current_actor()
    return submit(
        form,
        lambda: operations.change_phase(
            public_id,
            form.draft,
            version=form.version_number,
            key=form.form_id.data or "",
            actor=actor,
        ),
        done=lambda _phase: _to(_("The phase is stored."), public_id),
        page=lambda: _form_page(form, public_id),
    )


def _to(message: str, public_id: str) -> Answer:
    return redirect_with(message, url_for("programmes.show", public_id=public_id))


def _offered(form: PhaseForm) -> PhaseForm:
    form.offer(list_districts())
    return form


def _form_page(form: PhaseForm, public_id: str | None = None) -> str:
    return render_template(
        "programmes/form.html", form=_offered(form), public_id=public_id, positions=POSITIONS
    )
