"""The pages of packs."""

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.audit.packs import operations, queries
from fundapp.audit.packs.forms import PackForm
from fundapp.audit.packs.parts import PARTS
from fundapp.audit.views.blueprint import blueprint
from fundapp.db import unit_of_work
from fundapp.documents.papers import open_paper
from fundapp.errors import NotFoundError
from fundapp.identity.actor_names import name_actors
from fundapp.web.forms import Answer, redirect_with, submit


@blueprint.get("/packs")
@requires(Permission.PACK_MAKE)
def packs() -> str:
    """Packs that were asked for, and the form that asks for another."""
    return _page(PackForm(formdata=None))


@blueprint.post("/packs")
@requires(Permission.PACK_MAKE)
def order_pack() -> Answer:
    """Ask for one."""
    form, actor = PackForm(), current_actor()
    return submit(
        form,
        lambda: operations.order_pack(
            form.from_on.value, form.to_on.value, key=form.form_id.data or "", actor=actor
        ),
        done=lambda _pack: redirect_with(
            _("The pack is being made. This page shows how far it is."), url_for("audit.packs")
        ),
        page=lambda: _page(form),
    )


@blueprint.get("/packs/<number>")
@requires(Permission.PACK_MAKE)
@fresh_factor
def pack_file(number: str) -> Response:
    """The archive; NotFoundError while there is none."""
    pack = queries.get_pack(number)
    if pack.document is None:
        raise NotFoundError
    content = open_paper(pack.document)
    unit_of_work(operations.record_taken, pack, actor=current_actor())
    name = f"audit-pack-{pack.from_on}-{pack.to_on}.zip"
    response = Response(content, mimetype=operations.MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(form: PackForm) -> str:
    rows = queries.list_packs()
    return render_template(
        "audit/packs/packs.html",
        form=form,
        rows=rows,
        names=name_actors({row.asked_by for row in rows}),
        part_count=len(PARTS),
        waits_too_long=queries.waits_too_long,
    )
