"""Pages of case managers: who is responsible for whom, and handing children over."""

from collections.abc import Callable, Sequence

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children import operations as children
from fundapp.children import queries as children_queries
from fundapp.children.casework.views import casework_url
from fundapp.children.handovers import operations, queries
from fundapp.children.handovers.forms import HandoverForm, ManyForm, ManyHandoversForm
from fundapp.children.handovers.policy import may_assign
from fundapp.children.models import Child
from fundapp.children.views.blueprint import blueprint
from fundapp.db import unit_of_reading
from fundapp.identity.models import User
from fundapp.paging import int_key
from fundapp.web.filters import counted
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit

#: In an address, the children for whom nobody is responsible.
NOBODY = "none"


@blueprint.get("/children/managers")
@requires(Permission.CHILD_READ)
def managers() -> str:
    """Case managers of the viewer's districts, and for how many children each is responsible."""
    loads = queries.list_manager_loads(current_actor())
    return render_template("children/managers.html", loads=loads)


@blueprint.get("/children/managers/<person>")
@requires(Permission.CHILD_READ)
def managed(person: str) -> str:
    """The children of a case manager, or those of nobody, to be handed over."""
    return _managed_page(_manager(person), ManyHandoversForm(formdata=None))


@blueprint.post("/children/managers/<person>")
@requires(Permission.CHILD_HAND_OVER)
def hand_over_many(person: str) -> Answer:
    """Hand those over who are ticked."""
    manager, actor, form = _manager(person), current_actor(), ManyHandoversForm()
    page = queries.list_managed(manager, viewer=actor, after=int_key(request.args.get("after")))
    form.of(unit_of_reading(children.read_names, page.rows, actor=actor))
    form.offer(_receivers(page.rows, manager))
    return submit(
        form,
        lambda: operations.hand_over(
            form.children.data, form.to.data, words=form.words.data or "", actor=actor
        ),
        done=lambda rows: redirect_with(
            _("Handed over: %(count)s. Whoever takes them over is responsible from then on.",
              count=counted(len(rows))),
            url_for("children.managed", person=person),
        ),
        page=lambda: _managed_page(manager, form),
    )  # fmt: skip


@blueprint.get("/children/<public_id>/handover")
@requires(Permission.CHILD_HAND_OVER)
def handover(public_id: str) -> str:
    """The form that hands a child over to another case manager of its district."""
    return _handover_page(public_id, HandoverForm(formdata=None))


@blueprint.post("/children/<public_id>/handover")
@requires(Permission.CHILD_HAND_OVER)
def hand_over(public_id: str) -> Answer:
    """Hand it over."""
    child, actor = children_queries.get_child(public_id, viewer=current_actor()), current_actor()
    form = HandoverForm().offer(queries.managers_of(child.district_code))
    return submit(
        form,
        lambda: operations.hand_over(
            [public_id], form.to.data, words=form.words.data or "", actor=actor
        ),
        done=lambda _rows: redirect_with(
            _("The child is handed over as soon as it is taken. Until then you see its file."),
            casework_url(public_id),
        ),
        page=lambda: _handover_page(public_id, form),
    )


@blueprint.post("/children/<public_id>/handover/take")
@requires(Permission.CHILD_REGISTER)
def take_handover(public_id: str) -> Answer:
    """Take over a child."""
    return _carry_out(operations.take_handover, public_id, _("You took the child over."))


@blueprint.post("/children/<public_id>/handover/drop")
@requires(Permission.CHILD_HAND_OVER)
def drop_handover(public_id: str) -> Answer:
    """Take a hand-over back, or do not take the child."""
    return _carry_out(operations.drop_handover, public_id, _("The child stays where it was."))


@blueprint.post("/children/<public_id>/care")
@requires(Permission.CHILD_REGISTER)
def care_for(public_id: str) -> Answer:
    """Become responsible for a child for whom nobody is."""
    return _carry_out(operations.care_for, public_id, _("You took the child over."))


def _carry_out(operation: Callable[..., object], public_id: str, message: str) -> Answer:
    actor, url = current_actor(), casework_url(public_id)
    return submit(
        ButtonForm(),
        lambda: operation(public_id, actor=actor),
        done=lambda _result: redirect_with(message, url),
        page=lambda: _handover_page(public_id, HandoverForm(formdata=None)),
        stale=lambda error: redirect_with(_(str(error)), url, "info"),
    )


@blueprint.get("/children/handovers")
@requires(Permission.CHILD_REGISTER)
def handovers() -> str:
    """Children who are being handed over to the viewer."""
    return _handovers_page(ManyForm(formdata=None))


@blueprint.post("/children/handovers")
@requires(Permission.CHILD_REGISTER)
def take_handovers() -> Answer:
    """Take those over who are ticked."""
    form, actor = ManyForm(), current_actor()
    waiting = [child for _row, child in queries.list_to_take(actor)]
    form.of(unit_of_reading(children.read_names, waiting, actor=actor))
    return submit(
        form,
        lambda: operations.take_handovers(form.children.data, actor=actor),
        done=lambda count: redirect_with(
            _("Taken over: %(count)s.", count=counted(count)), url_for("children.due")
        ),
        page=lambda: _handovers_page(form),
        stale=lambda error: redirect_with(_(str(error)), url_for("children.handovers"), "info"),
    )


def _manager(person: str) -> User | None:
    return None if person == NOBODY else queries.get_manager(person)


def _receivers(listed: Sequence[Child], manager: User | None) -> list[User]:
    """Case managers who work in the district of one of these children, but ``manager``."""
    people = queries.managers_by_district({child.district for child in listed})
    found = {person.public_id: person for each in people.values() for person in each}
    return [person for person in found.values() if manager is None or person.id != manager.id]


def _managed_page(manager: User | None, form: ManyHandoversForm) -> str:
    viewer = current_actor()
    page = queries.list_managed(manager, viewer=viewer, after=int_key(request.args.get("after")))
    names = unit_of_reading(children.read_names, page.rows, actor=viewer)
    form.offer(_receivers(page.rows, manager))
    form.of(names, ticked="all" in request.args and not form.is_submitted())
    is_own = manager is not None and manager.id == viewer.user_id
    return render_template(
        "children/managed.html",
        form=form,
        manager=manager,
        person=manager.public_id if manager is not None else NOBODY,
        names=names,
        page=page,
        after=request.args.get("after"),
        may_hand_over=is_own or any(may_assign(viewer, child.district_code) for child in page.rows),
    )


def _handover_page(public_id: str, form: HandoverForm) -> str:
    child = children_queries.get_child(public_id, viewer=current_actor())
    row = queries.manager_now(child)
    people = queries.managers_of(child.district_code)
    others = [person for person in people if row is None or person.id != row.manager_id]
    return render_template("children/handover.html", form=form.offer(others), child=child, row=row)


def _handovers_page(form: ManyForm) -> str:
    viewer = current_actor()
    rows = queries.list_to_take(viewer)
    names = unit_of_reading(children.read_names, [child for _row, child in rows], actor=viewer)
    form.of(names, ticked="all" in request.args and not form.is_submitted())
    return render_template(
        "children/handovers.html",
        form=form,
        rows=rows,
        names={name.child.id: name for name in names},
    )
