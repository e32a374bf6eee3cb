"""Pages of batches of payouts."""

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.banking.queries import list_bank_accounts
from fundapp.errors import DomainError
from fundapp.payouts import operations, policy, queries
from fundapp.payouts.bank_files import ENDINGS, MEDIA_TYPES
from fundapp.payouts.batches import record_results
from fundapp.payouts.forms import BatchReleaseForm, PayoutBatchForm, ResultForm, TakeFileForm
from fundapp.payouts.models import BatchState
from fundapp.payouts.operations.batches import TakenFile
from fundapp.payouts.operations.results import TellResult
from fundapp.web.downloads import file_download
from fundapp.web.forms import Answer, BaseForm, ButtonForm, redirect_with, submit
from fundapp.web.locale import translated

blueprint = Blueprint("payouts", __name__, url_prefix="/payouts")
#: What a page records at once; the worker records the rest.
_AT_ONCE = 50


@blueprint.get("")
@requires(Permission.JOURNAL_READ)
def index() -> str:
    """Batches, newest first; what failed and is to be put right; where results come in."""
    return _index_page(ResultForm(formdata=None))


@blueprint.post("/results")
@requires(Permission.DISBURSEMENT_PAY)
@fresh_factor
def results() -> Answer:
    """Take in a result file, and record what it says."""
    form, actor = ResultForm(), current_actor()
    return submit(
        form,
        lambda: operations.tell_results(form.file.content() or b"", actor=actor),
        done=_told,
        page=lambda: _index_page(form),
    )


@blueprint.get("/new")
@requires(Permission.DISBURSEMENT_PAY)
def new() -> str:
    """The form of a batch."""
    return _new_page(PayoutBatchForm(formdata=None, data={"pay_on": clock.today()}))


@blueprint.post("/new")
@requires(Permission.DISBURSEMENT_PAY)
@fresh_factor
def make() -> Answer:
    """Make it."""
    form, actor = PayoutBatchForm(), current_actor()
    known = queries.find_batch_of_form(form.form_id.data or "")
    # A form that is sent twice names requests that are in its batch already.
    sent = [line.request for line in known.lines] if known else []
    form.offer(list_bank_accounts(), [*queries.list_payable_requests(), *sent])
    return submit(
        form,
        lambda: (
            operations.make_batch(
                queries.payable_ids() if form.everything.data else form.requests.data or [],
                bank_account=form.account.data,
                pay_on=form.pay_on.value,
                key=form.form_id.data or "",
                leave_out=bool(form.everything.data),
                actor=actor,
            ).public_id
        ),
        done=lambda public_id: redirect_with(
            _("The batch is made. Somebody else releases it."),
            url_for("payouts.show", public_id=public_id),
        ),
        page=lambda: _new_page(form),
    )


@blueprint.get("/<public_id>")
@requires(Permission.JOURNAL_READ)
def show(public_id: str) -> str:
    """A batch, its lines and what can be done with it."""
    return _batch_page(public_id)


@blueprint.post("/<public_id>/release")
@requires(Permission.DISBURSEMENT_RELEASE)
@fresh_factor
def release(public_id: str) -> Answer:
    """Let its file be taken."""
    form, actor = BatchReleaseForm(), current_actor()
    return _submit(
        public_id,
        form,
        lambda: operations.release_batch(public_id, again=bool(form.again.data), actor=actor),
        _("Released. Somebody else takes the file to the bank."),
    )


@blueprint.post("/<public_id>/withdraw")
@requires(Permission.DISBURSEMENT_RELEASE)
@fresh_factor
def withdraw(public_id: str) -> Answer:
    """Free its requests."""
    actor = current_actor()
    return _submit(
        public_id,
        ButtonForm(),
        lambda: operations.withdraw_batch(public_id, actor=actor),
        _("Withdrawn. Its requests can be paid otherwise."),
    )


@blueprint.post("/<public_id>/take-out")
@requires(Permission.DISBURSEMENT_RELEASE)
@fresh_factor
def take_out(public_id: str) -> Answer:
    """Take out what something has stopped since its approval."""
    actor = current_actor()
    return _submit(
        public_id,
        ButtonForm(),
        lambda: operations.take_out_stopped(public_id, actor=actor),
        _("What is stopped was taken out. Approvers decide on it; the rest can be paid."),
    )


@blueprint.post("/<public_id>/file")
@requires(Permission.DISBURSEMENT_PAY)
@fresh_factor
def take(public_id: str) -> Answer:
    """Take the file to the bank, once for each release."""
    form, actor = TakeFileForm(), current_actor()

    def work() -> TakenFile:
        sender = current_app.config["FUND_NAME_TH"]
        return operations.take_file(
            public_id, kind=form.kind.value, sender_name=sender, actor=actor
        )

    return submit(
        form,
        work,
        done=_download,
        page=lambda: _batch_page(public_id, form),
        refused=lambda error: _batch_page(public_id, form, error),
    )


def _download(taken: TakenFile) -> Response:
    name = f"{taken.number}.{ENDINGS[taken.kind]}"
    response = file_download(name, MEDIA_TYPES[taken.kind], taken.content)
    response.headers["Cache-Control"] = "no-store"
    return response


def _submit(public_id: str, form: BaseForm, work: object, message: str) -> Answer:
    return submit(
        form,
        work,  # type: ignore[arg-type]
        done=lambda _batch: redirect_with(message, url_for("payouts.show", public_id=public_id)),
        page=lambda: _batch_page(public_id, form),
        refused=lambda error: _batch_page(public_id, form, error),
    )


def _told(told: TellResult) -> Answer:
    """Record the first of what was told; the worker goes on."""
    recorded = record_results(told.batch_ids, limit=_AT_ONCE)
    message = ngettext(
        "%(num)s result is new, %(known)s were known. Recorded at once: %(done)s; the rest follows "
        "by itself.",
        "%(num)s results are new, %(known)s were known. Recorded at once: %(done)s; the rest "
        "follows by itself.",
        told.new,
        known=told.known,
        done=recorded.done,
    )
    refusals = [f"{voucher}: {translated(why)}" for voucher, why in recorded.refused.items()]
    category = "warning" if refusals else "success"
    return redirect_with(" ".join([message, *refusals[:5]]), url_for("payouts.index"), category)


def _index_page(form: ResultForm) -> str:
    return render_template(
        "payouts/index.html",
        page=queries.list_batches(request.args.get("after")),
        failed=queries.list_failed_lines(),
        stopped=queries.list_stopped_paid(),
        form=form,
        may_make=policy.may_make_batch(current_actor()),
        may_open_requests=current_actor().can(Permission.DISBURSEMENT_READ),
    )


def _new_page(form: PayoutBatchForm) -> str:
    requests = queries.list_payable_requests()
    form.offer(list_bank_accounts(), requests)
    return render_template(
        "payouts/new.html", form=form, hints=form.hints(requests), has_requests=bool(requests)
    )


def _batch_page(
    public_id: str, sent: BaseForm | None = None, refusal: DomainError | None = None
) -> str:
    batch, actor = queries.get_batch(public_id), current_actor()
    is_before = batch.state in (BatchState.MADE, BatchState.RELEASED)
    progress, before = queries.progress_of(batch), queries.people_before(batch)
    return render_template(
        "payouts/show.html",
        batch=batch,
        may_open_requests=actor.can(Permission.DISBURSEMENT_READ),
        progress=progress,
        page=queries.list_batch_lines(batch, request.args.get("after")),
        refusal=translated(refusal) if refusal else "",
        release_form=sent
        if isinstance(sent, BatchReleaseForm)
        else BatchReleaseForm(formdata=None),
        take_form=sent if isinstance(sent, TakeFileForm) else TakeFileForm(formdata=None),
        may_release=policy.may_release(actor, batch, before)
        and (
            batch.state is BatchState.MADE
            or (batch.state is BatchState.TAKEN and progress.untold == len(batch.lines))
        ),
        may_withdraw_batch=is_before and policy.may_withdraw_batch(actor, batch, before),
        may_take=batch.state is BatchState.RELEASED and policy.may_take_file(actor, batch, before),
    )
