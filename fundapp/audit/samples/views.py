"""The pages of samples."""

from collections.abc import Iterator, Sequence

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor_for_file, requires
from fundapp.access.permissions import Permission
from fundapp.audit.queries import funds_by_code
from fundapp.audit.samples import operations, queries
from fundapp.audit.samples.forms import DrawForm, FreezeForm, WorkingPaperForm
from fundapp.audit.samples.models import SampleStatus
from fundapp.audit.samples.policy import may_keep_samples
from fundapp.audit.samples.sizes import EXPANSION, factor_of
from fundapp.audit.views.blueprint import blueprint
from fundapp.csv_safety import Cell, baht_cell
from fundapp.identity.actor_names import name_actors
from fundapp.ledger.queries import list_funds
from fundapp.remarks.reader import WordsReader
from fundapp.web.downloads import csv_download, wants_csv
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit

_HEADER = (
    "position",
    "entry",
    "amount_baht",
    "stratum",
    "hits",
    "result",
    "error_baht",
    "checked_at",
)


@blueprint.get("/samples")
@requires(Permission.SAMPLE_READ)
def samples() -> str:
    """Samples, the newest first."""
    page = queries.list_samples(request.args.get("after"))
    return render_template(
        "audit/samples/samples.html",
        page=page,
        names=name_actors({sample.frozen_by for sample in page.rows}),
        may_keep=may_keep_samples(current_actor()),
    )


@blueprint.get("/samples/new")
@requires(Permission.SAMPLE_KEEP)
def new_sample() -> str:
    """The form of a new sample."""
    return _new_page(FreezeForm(formdata=None))


@blueprint.post("/samples/new")
@requires(Permission.SAMPLE_KEEP)
def freeze_sample() -> Answer:
    """Freeze its population."""
    form, actor = FreezeForm(), current_actor()
    form.offer(list_funds())
    return submit(
        form,
        lambda: (
            operations.freeze_sample(form.draft, key=form.form_id.data or "", actor=actor).number
        ),
        done=lambda number: _to(_("The population is frozen. Draw the sample now."), number),
        page=lambda: _new_page(form),
    )


@blueprint.get("/samples/<number>")
@requires(Permission.SAMPLE_READ)
@fresh_factor_for_file
def sample(number: str) -> str | Response:
    """A sample with its items and what their errors come to; the items as a file."""
    if wants_csv():
        file = queries.open_sample(number)
        return csv_download(f"sample-{number}", _HEADER, list(_cells(file.items)))
    return _page(number)


@blueprint.post("/samples/<number>/draw")
@requires(Permission.SAMPLE_KEEP)
def draw_sample(number: str) -> Answer:
    """Draw it."""
    form, actor = DrawForm(), current_actor()
    return submit(
        form,
        lambda: operations.draw_sample(
            number, form.source.value, form.seed.data or "", actor=actor
        ),
        done=lambda _sample: _to(_("The sample is drawn."), number),
        page=lambda: _page(number, form),
    )


@blueprint.post("/samples/<number>/close")
@requires(Permission.SAMPLE_KEEP)
def close_sample(number: str) -> Answer:
    """Close it."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.close_sample(number, actor=actor),
        done=lambda _sample: _to(_("The sample is closed."), number),
        page=lambda: _page(number, form),
    )


@blueprint.get("/samples/<number>/again")
@requires(Permission.SAMPLE_READ)
@fresh_factor_for_file
def sample_again(number: str) -> str | Response:
    """Whether the seed gives the same rows again, and how anybody draws them; the population as a
    file.
    """
    found = queries.get_sample(number)
    if wants_csv():
        header = ("entry", "amount_satang", "leaf_hash")
        return csv_download(f"population-{number}", header, list(queries.population_lines(found)))
    return render_template(
        "audit/samples/again.html",
        sample=found,
        is_same=found.seed is not None and queries.is_same_draw(found),
    )


@blueprint.get("/samples/<number>/items/<int:position>")
@requires(Permission.SAMPLE_READ)
def sample_item(number: str, position: int) -> str:
    """An item with its working papers."""
    return _item_page(number, position, WorkingPaperForm(formdata=None))


@blueprint.post("/samples/<number>/items/<int:position>")
@requires(Permission.SAMPLE_KEEP)
def write_paper(number: str, position: int) -> Answer:
    """Write its working paper."""
    form, actor = WorkingPaperForm(), current_actor()
    return submit(
        form,
        lambda: operations.write_paper(number, position, form.draft, actor=actor),
        done=lambda _paper: _to(_("The working paper is stored."), number),
        page=lambda: _item_page(number, position, form),
    )


def _to(message: str, number: str) -> Answer:
    return redirect_with(message, url_for("audit.sample", number=number))


def _new_page(form: FreezeForm) -> str:
    form.offer(list_funds())
    return render_template("audit/samples/new.html", form=form)


def _page(number: str, form: BaseForm | None = None) -> str:
    file = queries.open_sample(number)
    found = file.sample
    people = {found.frozen_by, found.drawn_by or "", found.closed_by or ""} - {""}
    return render_template(
        "audit/samples/sample.html",
        file=file,
        sample=found,
        fund=funds_by_code().get(found.fund_code or ""),
        names=name_actors(people),
        form=form,
        draw_form=form if isinstance(form, DrawForm) else DrawForm(formdata=None),
        reliability=factor_of(found.confidence),
        expansion=EXPANSION[found.confidence],
        may_keep=may_keep_samples(current_actor()),
    )


def _item_page(number: str, position: int, form: WorkingPaperForm) -> str:
    found, item = queries.get_item(number, position)
    papers, actor = queries.list_papers(item), current_actor()
    return render_template(
        "audit/samples/item.html",
        sample=found,
        item=item,
        papers=papers,
        notes=WordsReader(actor).by_digest(paper.note_digest for paper in papers),
        names=name_actors({paper.written_by for paper in papers}),
        form=form,
        may_keep=found.status is SampleStatus.DRAWN and may_keep_samples(actor),
    )


def _cells(items: Sequence[queries.CheckedItem]) -> Iterator[Sequence[Cell]]:
    for row in items:
        item, paper = row.item, row.paper
        yield (
            item.position,
            item.entry_number,
            baht_cell(item.amount_satang),
            item.stratum,
            item.hits,
            str(paper.result) if paper else "",
            baht_cell(paper.error_satang) if paper else "",
            paper.written_at.isoformat() if paper else "",
        )
