"""Telling a concern and looking for its answer, without an account; and the office's pages."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, public, requires
from fundapp.access.permissions import Permission
from fundapp.concerns import operations, queries
from fundapp.concerns.forms import (
    CodeForm,
    ConcernFilter,
    FurtherWordsForm,
    KeepersForm,
    TakeForm,
    TellForm,
    WordsForm,
)
from fundapp.concerns.kinds import KEEPERS
from fundapp.concerns.models import Concern, ConcernAction
from fundapp.concerns.operations import KEEPERS_REF
from fundapp.concerns.policy import may_handle, may_read_concern
from fundapp.concerns.reader import ConcernFile, read_answer, read_concern
from fundapp.concerns.workflow import OWNERS_ACTIONS, concern_actions
from fundapp.db import unit_of_reading
from fundapp.errors import NotFoundError
from fundapp.identity.actor_names import name_actors
from fundapp.ledger.views.blueprint import propose
from fundapp.proposals.queries import find_open_proposal, version_of_values
from fundapp.proposals.registry import find_kind
from fundapp.web.forms import Answer, BaseForm, redirect_with, submit
from fundapp.web.limits import take_try, visitor
from fundapp.web.locale import locale_code

blueprint = Blueprint("concerns", __name__)

#: The form of each thing that the office does, in the order of the page.
_FORMS: dict[ConcernAction, type[BaseForm]] = {
    ConcernAction.TAKE: TakeForm,
    ConcernAction.NOTE: WordsForm,
    ConcernAction.ANSWER: WordsForm,
    ConcernAction.CLOSE: TakeForm,
    ConcernAction.REOPEN: WordsForm,
    ConcernAction.RESTRICT: TakeForm,
}


@blueprint.get("/concerns")
@public
def tell() -> str:
    """The form of whoever has something to tell."""
    return _tell_page(TellForm(formdata=None))


@blueprint.post("/concerns")
@public
def tell_concern() -> Answer:
    """Store it and show the code, once."""
    form, actor, locale = TellForm(), current_actor(), locale_code()
    return submit(
        form,
        lambda: operations.tell_concern(
            form.kind.value,
            form.words.value,
            form.contact.data or "",
            locale=locale,
            key=form.form_id.data or "",
            actor=actor,
        ),
        before=lambda: take_try("LIMIT_CONCERN", visitor()),
        done=lambda code: (render_template("concerns/told.html", code=code), 200),
        page=lambda: _tell_page(form),
    )


@blueprint.get("/concerns/answer")
@public
def answer() -> str:
    """The form for the code."""
    return render_template("concerns/answer.html", form=CodeForm(formdata=None), file=None)


@blueprint.post("/concerns/answer")
@public
def show_answer() -> Answer:
    """What was told and answered. The code is sent, not put in an address, which is kept."""
    form, actor = CodeForm(), current_actor()
    return submit(
        form,
        lambda: read_answer(form.code.value, actor=actor),
        before=lambda: take_try("LIMIT_CONCERN_CODE", visitor()),
        done=lambda file: (_answer_page(file, form.code.value), 200),
        page=lambda: render_template("concerns/answer.html", form=form, file=None),
    )


@blueprint.post("/concerns/reply")
@public
def reply() -> Answer:
    """Add something to what was told."""
    form, actor = FurtherWordsForm(), current_actor()
    code = form.code.data or ""
    return submit(
        form,
        lambda: operations.reply_to_answer(
            code, form.words.value, key=form.form_id.data or "", actor=actor
        ),
        before=lambda: take_try("LIMIT_CONCERN", visitor()),
        done=lambda _none: (_answer_page(read_answer(code, actor=actor), code, is_sent=True), 200),
        page=lambda: render_template(
            "concerns/answer.html", form=CodeForm(formdata=None), file=None, reply_form=form
        ),
    )


@blueprint.get("/concerns/list")
@requires(Permission.CONCERN_READ)
def index() -> tuple[str, int]:
    """Concerns that the reader may see, the newest first."""
    form, actor = ConcernFilter(request.args), current_actor()
    is_valid = form.validate()
    page = queries.list_concerns(
        form.member if is_valid else None,
        request.args.get("after"),
        actor=actor,
        waiting=form.status.data == "waiting",
    )
    names = name_actors({concern.owner for concern in page.rows if concern.owner})
    body = render_template("concerns/index.html", form=form, page=page, names=names)
    return body, 200 if is_valid else 422


@blueprint.get("/concerns/list/<number>")
@requires(Permission.CONCERN_READ)
def show(number: str) -> str:
    """A concern with its history, and what can be done."""
    return _page(number)


@blueprint.post("/concerns/list/<number>/<action>")
@requires(Permission.CONCERN_HANDLE)
def handle(number: str, action: str) -> Answer:
    """Take it over, note, answer, close, reopen or restrict it."""
    chosen = next((each for each in _FORMS if each.value == action), None)
    if chosen is None:
        raise NotFoundError
    form, actor = _FORMS[chosen](), current_actor()
    words = form.words.data or "" if isinstance(form, WordsForm) else ""
    return submit(
        form,
        lambda: operations.handle_concern(
            number, chosen, words, key=form.form_id.data or "", actor=actor
        ),
        done=_to_concern,
        page=lambda: _page(number, chosen, form),
    )


@blueprint.get("/settings/concern-keepers")
@requires(Permission.HOUSE_PROPOSE)
def keepers() -> str:
    """The form of the two people who read restricted concerns."""
    named = [person.public_id for person in queries.list_keepers()]
    data = dict(zip(("first", "second"), named, strict=False))
    data["version"] = version_of_values(KEEPERS, KEEPERS_REF)
    return _keepers_page(KeepersForm(formdata=None, data=data))


@blueprint.post("/settings/concern-keepers")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def change_keepers() -> Answer:
    """Propose two people."""
    form = KeepersForm()
    form.offer(queries.list_possible_keepers())
    return propose(
        form,
        KEEPERS,
        lambda: KEEPERS_REF,
        lambda: {"people": [form.first.data, form.second.data]},
        page=lambda: _keepers_page(form),
    )


def _keepers_page(form: KeepersForm) -> str:
    form.offer(queries.list_possible_keepers())
    return render_template(
        "proposals/form.html",
        form=form,
        title=_(find_kind(KEEPERS).title),
        back_url=url_for("ledger.settings"),
        waiting=find_open_proposal(KEEPERS, KEEPERS_REF),
    )


def _to_concern(concern: Concern) -> Answer:
    """To the concern, or to the list when the actor restricted it and reads it no more."""
    if not may_read_concern(current_actor(), concern, queries.find_keepers()):
        return redirect_with(_("Two people alone read it from now on."), url_for("concerns.index"))
    return redirect_with(_("Stored."), url_for("concerns.show", number=concern.number))


def _tell_page(form: TellForm) -> str:
    return render_template("concerns/tell.html", form=form)


def _answer_page(file: ConcernFile, code: str, *, is_sent: bool = False) -> str:
    return render_template(
        "concerns/answer.html",
        form=None,
        file=file,
        is_sent=is_sent,
        reply_form=FurtherWordsForm(formdata=None, data={"code": code}),
    )


def _page(number: str, action: ConcernAction | None = None, refused: BaseForm | None = None) -> str:
    actor = current_actor()
    file = unit_of_reading(read_concern, number, actor=actor)
    forms = _offered(file.concern)
    if action is not None and refused is not None:
        forms[action] = refused
    return render_template(
        "concerns/show.html",
        file=file,
        forms=forms,
        refused=refused,
        names=name_actors({file.concern.owner or "", *(step.done_by for step in file.steps)}),
    )


def _offered(concern: Concern) -> dict[ConcernAction, BaseForm]:
    """The forms of what the actor can do now."""
    actor, possible = current_actor(), concern_actions(concern.status)
    if not may_handle(actor, concern, queries.find_keepers()):
        return {}
    is_owner = concern.owner == actor.ref
    return {
        action: form(formdata=None)
        for action, form in _FORMS.items()
        if action in possible
        and (is_owner or action not in OWNERS_ACTIONS)
        and not (is_owner and action is ConcernAction.TAKE)
        and not (concern.is_restricted and action is ConcernAction.RESTRICT)
    }
