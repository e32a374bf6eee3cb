"""What was corrected in a child's file."""

from flask import render_template

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.children import operations, queries
from fundapp.children.labels import correction_rows
from fundapp.children.views.blueprint import blueprint
from fundapp.db import unit_of_reading
from fundapp.identity.actor_names import name_actors


@blueprint.get("/children/<public_id>/corrections")
@requires(Permission.CHILD_READ)
def corrections(public_id: str) -> str:
    """Every correction of the file with the values before and after, which is a read."""
    actor = current_actor()
    found = unit_of_reading(operations.read_corrections, public_id, actor=actor)
    return render_template(
        "children/corrections.html",
        child=queries.get_child(public_id, viewer=actor),
        corrections=list(zip(found, correction_rows(found), strict=True)),
        names=name_actors(each.remark.written_by for each in found),
    )
