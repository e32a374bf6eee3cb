"""The setting that says to whom checkpoints of the sealed log are mailed."""

from flask import render_template, url_for
from flask_babel import gettext as _

from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.ledger.views.blueprint import propose
from fundapp.proposals.queries import find_open_proposal, version_of_values
from fundapp.proposals.registry import find_kind
from fundapp.transparency import queries
from fundapp.transparency.forms import CheckpointHoldersForm
from fundapp.transparency.kinds import CHECKPOINT_HOLDERS, HOLDERS
from fundapp.transparency.steps import read_holders
from fundapp.transparency.views.blueprint import blueprint
from fundapp.web.forms import Answer


@blueprint.get("/settings/checkpoints")
@requires(Permission.HOUSE_PROPOSE)
def holders() -> str:
    """The form of the addresses."""
    data = {
        "addresses": "\n".join(queries.list_holders()),
        "version": version_of_values(CHECKPOINT_HOLDERS, HOLDERS),
    }
    return _page(CheckpointHoldersForm(formdata=None, data=data))


@blueprint.post("/settings/checkpoints")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def change_holders() -> Answer:
    """Propose others."""
    form = CheckpointHoldersForm()
    return propose(
        form,
        CHECKPOINT_HOLDERS,
        lambda: HOLDERS,
        lambda: {"addresses": read_holders(form.lines)},
        page=lambda: _page(form),
    )


def _page(form: CheckpointHoldersForm) -> str:
    return render_template(
        "proposals/form.html",
        form=form,
        title=_(find_kind(CHECKPOINT_HOLDERS).title),
        back_url=url_for("ledger.settings"),
        waiting=find_open_proposal(CHECKPOINT_HOLDERS, HOLDERS),
    )
