"""The page that opens without a signal, its service worker, the key of its drafts, and where they
are sent. `static/js/visits.js` does the rest on the phone.

The page is the same for everybody and says nothing of anybody: a phone keeps a copy of it.
"""

from flask import Response, jsonify, render_template
from flask_wtf.csrf import generate_csrf

from fundapp.access.current import current_actor
from fundapp.access.marks import public, requires
from fundapp.access.permissions import Permission
from fundapp.children.casework.models import CaseEntry
from fundapp.children.views.blueprint import blueprint
from fundapp.children.visits import operations
from fundapp.children.visits.forms import VisitForm
from fundapp.children.visits.keys import draft_key
from fundapp.web.forms import Answer, submit
from fundapp.web.static_files import serve


@blueprint.get("/visits/draft")
@public
def visit_draft() -> str:
    """The page on which visits are written, with a signal or without."""
    return render_template("children/visit_draft.html", form=VisitForm(formdata=None))


@blueprint.get("/visits/worker.js")
@public
def visit_worker() -> Response:
    """The service worker. It stands here, and not among the static files, so that it answers for
    no page but those under /visits/.
    """
    return serve("js/visits-worker.js")


@blueprint.get("/visits/key")
@requires(Permission.CHILD_REGISTER)
def visit_key() -> Response:
    """The key of this person's drafts, whose it is, and a token for the form that sends them."""
    actor = current_actor()
    return jsonify(key=draft_key(actor), owner=actor.ref, token=generate_csrf())


@blueprint.post("/visits/draft")
@requires(Permission.CHILD_REGISTER)
def send_visit() -> Answer:
    """Write a visit into a child's file; the answer is a piece of the page."""
    form, actor = VisitForm(), current_actor()
    return submit(
        form,
        lambda: operations.write_visit(
            form.code.data, form.draft(), photos=form.document.all_accepted, actor=actor
        ),
        before=form.document.take_in,
        done=_written,
        page=lambda: render_template("children/_visit_answer.html", form=form, entry=None),
        refused=lambda _error: render_template(
            "children/_visit_answer.html", form=form, entry=None
        ),
    )


def _written(entry: CaseEntry) -> Answer:
    return render_template("children/_visit_answer.html", form=None, entry=entry), 201
