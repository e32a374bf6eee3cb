"""The pages of letters: those of a sample, one letter, what to follow up, and the page on which
somebody answers.
"""

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, public, requires
from fundapp.access.permissions import Permission
from fundapp.audit.letters import operations, queries
from fundapp.audit.letters.forms import ReplyForm, SentForm
from fundapp.audit.letters.models import AuditLetter, LetterReply, Party, ReplyWay
from fundapp.audit.letters.policy import may_keep_letters
from fundapp.audit.letters.queries import LetterState
from fundapp.audit.letters.setting import letter_pdf
from fundapp.audit.views.blueprint import blueprint
from fundapp.db import unit_of_reading
from fundapp.identity.actor_names import name_actors
from fundapp.remarks.reader import WordsReader
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit
from fundapp.web.limits import give_try_back, take_try, visitor


@blueprint.get("/letters")
@requires(Permission.LETTER_READ)
def letters() -> str:
    """The newest letters of all samples; for auditors those to be followed up alone."""
    keeps = may_keep_letters(current_actor())
    is_short = keeps and request.args.get("show") == "follow-up"
    found = queries.list_followed_up_letters() if is_short else queries.list_newest_letters()
    return render_template(
        "audit/letters/letters.html",
        rows=_rows(found),
        sample=None,
        is_short=is_short,
        most=queries.MOST_SHOWN,
        may_keep=False,
        form=None,
    )


@blueprint.get("/samples/<number>/letters")
@requires(Permission.LETTER_READ)
def sample_letters(number: str) -> str:
    """The letters of a sample."""
    return _sample_page(number, ButtonForm(formdata=None))


@blueprint.post("/samples/<number>/letters")
@requires(Permission.LETTER_KEEP)
def make_letters(number: str) -> Answer:
    """Make them."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.make_letters(number, actor=actor),
        done=lambda _made: redirect_with(
            _("The letters are made."), url_for("audit.sample_letters", number=number)
        ),
        page=lambda: _sample_page(number, form),
    )


@blueprint.get("/letters/<number>")
@requires(Permission.LETTER_READ)
def letter(number: str) -> str:
    """A letter and its answers."""
    return _page(number)


@blueprint.get("/letters/<number>/letter.pdf")
@requires(Permission.LETTER_READ)
@fresh_factor
def letter_file(number: str) -> Response:
    """The letter as PDF, in the language of the page."""
    actor = current_actor()
    found = queries.get_letter(number)
    name = unit_of_reading(operations.addressee_of, number, actor=actor)
    about = queries.request_of(found).number if found.party is Party.PAYEE else ""
    response = Response(letter_pdf(found, name, about), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="letter-{found.number}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/letters/<number>/sent")
@requires(Permission.LETTER_SEND)
def note_sent(number: str) -> Answer:
    """Note that it went out."""
    form, actor = SentForm(), current_actor()
    return submit(
        form,
        lambda: operations.note_sent(number, form.sent_on.value, actor=actor),
        done=lambda _letter: _to(_("It is noted that the letter was sent."), number),
        page=lambda: _page(number, form),
    )


@blueprint.post("/letters/<number>/answer")
@requires(Permission.LETTER_KEEP)
def record_reply(number: str) -> Answer:
    """Record an answer by hand."""
    form, actor = ReplyForm(), current_actor()
    return submit(
        form,
        lambda: operations.record_reply(
            number, form.draft, version=form.version_number, actor=actor
        ),
        done=lambda _letter: _to(_("The answer is recorded."), number),
        page=lambda: _page(number, form),
    )


@blueprint.get("/reply/<number>/<key>")
@public
def reply(number: str, key: str) -> str:
    """The page on which whoever holds a letter answers it."""
    return _reply_page(_of_key(number, key), key, ReplyForm(formdata=None))


@blueprint.post("/reply/<number>/<key>")
@public
def send_reply(number: str, key: str) -> Answer:
    """Answer it."""
    form, found = ReplyForm(), _of_key(number, key)
    return submit(
        form,
        lambda: operations.reply_by_link(number, key, form.draft, actor=current_actor()),
        done=lambda _letter: redirect_with(
            _("Thank you. The auditor has your answer."),
            url_for("audit.reply", number=number, key=key),
        ),
        page=lambda: _reply_page(found, key, form),
    )


def _rows(letters: list[AuditLetter]) -> list[tuple[AuditLetter, LetterState, LetterReply | None]]:
    """Each letter with its state and answer; the office, which prints some, sees no answer."""
    if may_keep_letters(current_actor()):
        return [(letter, queries.state_of(letter), letter.reply) for letter in letters]
    return [(letter, queries.sent_state_of(letter), None) for letter in letters]


def _of_key(number: str, key: str) -> AuditLetter:
    """The letter; only wrong keys count against the limit."""
    take_try("LIMIT_RECEIPT", visitor())
    found = queries.get_letter_of_key(number, key)
    give_try_back("LIMIT_RECEIPT", visitor())
    return found


def _to(message: str, number: str) -> Answer:
    return redirect_with(message, url_for("audit.letter", number=number))


def _sample_page(number: str, form: BaseForm) -> str:
    sample, rows = queries.list_letters(number)
    return render_template(
        "audit/letters/letters.html",
        rows=_rows(rows),
        sample=sample,
        is_short=False,
        most=queries.MOST_SHOWN,
        may_keep=may_keep_letters(current_actor()),
        form=form,
    )


def _page(number: str, form: BaseForm | None = None) -> str:
    found, actor = queries.get_letter(number), current_actor()
    [(_letter, state, answer)] = _rows([found])
    replies = found.replies if answer else []
    people = {reply.recorded_by for reply in replies} | {found.made_by, found.sent_by or ""}
    return render_template(
        "audit/letters/letter.html",
        letter=found,
        sample_number=queries.sample_number_of(found),
        state=state,
        replies=replies,
        words=WordsReader(actor).by_digest(reply.words_digest for reply in replies),
        names=name_actors(people - {""}),
        form=form,
        sent_form=form if isinstance(form, SentForm) else SentForm(formdata=None),
        reply_form=form
        if isinstance(form, ReplyForm)
        else ReplyForm(formdata=None, data={"version": found.version}),
        may_keep=may_keep_letters(actor),
    )


def _reply_page(found: AuditLetter, key: str, form: ReplyForm) -> str:
    return render_template(
        "audit/letters/reply.html",
        letter=found,
        key=key,
        form=form,
        is_answered=any(reply.way is ReplyWay.LINK for reply in found.replies),
    )
