"""Cash: boxes, counts, and what waits for the second person."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.errors import NotFoundError
from fundapp.giving.campaigns.queries import find_event
from fundapp.giving.cash import operations, queries
from fundapp.giving.cash.forms import (
    BoxForm,
    ChangeBoxForm,
    ConfirmCountForm,
    CountForm,
    NewBoxForm,
)
from fundapp.giving.cash.policy import may_count_cash
from fundapp.giving.models import CampaignEvent, CountKind, DonationBox, Method
from fundapp.giving.policy import asset_accounts
from fundapp.giving.queries import list_gift_funds
from fundapp.giving.views.blueprint import blueprint
from fundapp.ledger.models import Fund
from fundapp.paging import int_key
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a form counts: a box, an event or a cash box of the office."""

    kind: CountKind
    subject: str
    box: DonationBox | None = None
    event: CampaignEvent | None = None
    cash_box: queries.CashBox | None = None

    @property
    def fund(self) -> Fund | None:
        """The fund that it is for; None for the office's box, which holds money of all."""
        if self.event is not None:
            return self.event.campaign.fund
        return self.box.fund if self.box is not None else None


@blueprint.get("/cash")
@requires(Permission.PAYMENT_READ)
def cash() -> str:
    """Boxes, the office's cash, and the counts; or only the counts to confirm."""
    actor = current_actor()
    if request.args.get("state") == "waiting":
        return render_template(
            "giving/cash/waiting.html",
            waiting=queries.list_waiting_counts(actor.user_id),
            own_id=actor.user_id,
        )
    return render_template(
        "giving/cash/cash.html",
        boxes=queries.list_boxes(),
        cash_boxes=queries.list_cash_boxes(),
        waiting=queries.list_waiting_counts(),
        page=queries.list_counts(after=request.args.get("after")),
        own_id=actor.user_id,
        may_count=may_count_cash(actor),
    )


@blueprint.get("/cash/boxes/new")
@requires(Permission.PAYMENT_RECORD)
def new_box() -> str:
    """The form to register a donation box."""
    return _box_page(NewBoxForm(list_gift_funds()))


@blueprint.post("/cash/boxes/new")
@requires(Permission.PAYMENT_RECORD)
def put_out_box() -> Answer:
    """Register it."""
    form, actor = NewBoxForm(list_gift_funds()), current_actor()
    return submit(
        form,
        lambda: operations.put_out_box(
            form.number.value,
            place=form.place.value,
            keeper=form.keeper.data,
            fund_code=form.fund.data,
            actor=actor,
        ),
        done=lambda _box: redirect_with(_("The box is registered."), url_for("giving.cash")),
        page=lambda: _box_page(form),
    )


@blueprint.get("/cash/boxes/<int:number>")
@requires(Permission.PAYMENT_RECORD)
def edit_box(number: int) -> str:
    """The form to change a box."""
    box = queries.get_box(number)
    return _box_page(ChangeBoxForm.of(box), box)


@blueprint.post("/cash/boxes/<int:number>")
@requires(Permission.PAYMENT_RECORD)
def change_box(number: int) -> Answer:
    """Change it."""
    form, actor = ChangeBoxForm(), current_actor()
    return submit(
        form,
        lambda: operations.change_box(
            number,
            place=form.place.value,
            keeper=form.keeper.data,
            status=form.status.value,
            version=form.version_number,
            actor=actor,
        ),
        done=lambda _box: redirect_with(_("The box is changed."), url_for("giving.cash")),
        page=lambda: _box_page(form, queries.get_box(number)),
    )


@blueprint.get("/cash/counts/new")
@requires(Permission.PAYMENT_RECORD)
def new_cash_count() -> str:
    """The form for a count of ``?box=``, ``?event=`` or ``?office=``."""
    counted = _counted()
    return _count_page(counted, _count_form(counted))


@blueprint.post("/cash/counts/new")
@requires(Permission.PAYMENT_RECORD)
def record_cash_count() -> Answer:
    """Record what the first person counted."""
    counted, actor = _counted(), current_actor()
    form = _count_form(counted)
    return submit(
        form,
        lambda: (
            operations.count_cash(form.draft, key=form.form_id.data or "", actor=actor).public_id
        ),
        done=lambda public_id: redirect_with(
            _("The count is recorded. Another person must confirm it."),
            url_for("giving.cash_count", public_id=public_id),
        ),
        page=lambda: _count_page(counted, form),
    )


@blueprint.get("/cash/counts/<public_id>")
@requires(Permission.PAYMENT_READ)
def cash_count(public_id: str) -> str:
    """A count, with the form for the second person."""
    return _shown_page(public_id)


@blueprint.post("/cash/counts/<public_id>/confirm")
@requires(Permission.PAYMENT_RECORD)
def confirm_cash_count(public_id: str) -> Answer:
    """Confirm it, and book it."""
    form, actor = ConfirmCountForm(), current_actor()
    return submit(
        form,
        lambda: operations.confirm_count(public_id, total_satang=form.total.value, actor=actor),
        done=lambda _count: redirect_with(
            _("The count is confirmed."), url_for("giving.cash_count", public_id=public_id)
        ),
        page=lambda: _shown_page(public_id, form),
    )


@blueprint.post("/cash/counts/<public_id>/refuse")
@requires(Permission.PAYMENT_RECORD)
def refuse_cash_count(public_id: str) -> Answer:
    """Say that it is wrong."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.refuse_count(public_id, actor=actor),
        done=lambda _count: redirect_with(
            _("The count is refused. Count the cash again."), url_for("giving.cash")
        ),
        page=lambda: _shown_page(public_id, refused=form),
    )


def _counted() -> _Counted:
    """What the address asks to count; NotFoundError."""
    asked = request.args
    if "box" in asked:
        box = queries.get_box(min(int_key(asked["box"]) or 0, 9999))
        return _Counted(CountKind.BOX, str(box.number), box=box)
    if "event" in asked:
        event = find_event(asked["event"])
        if event is None:
            raise NotFoundError
        return _Counted(CountKind.EVENT, event.public_id, event=event)
    for each in queries.list_cash_boxes():
        if each.account.code == asked.get("office"):
            return _Counted(CountKind.OFFICE, each.account.code, cash_box=each)
    raise NotFoundError


def _count_form(counted: _Counted) -> CountForm:
    accounts = asset_accounts(counted.fund, Method.CASH) if counted.fund else []
    return CountForm(counted.kind, counted.subject, accounts)


def _count_page(counted: _Counted, form: CountForm) -> str:
    return render_template("giving/cash/new_count.html", form=form, counted=counted)


def _box_page(form: BoxForm, box: DonationBox | None = None) -> str:
    return render_template("giving/cash/box.html", form=form, box=box)


def _shown_page(
    public_id: str, form: ConfirmCountForm | None = None, refused: ButtonForm | None = None
) -> str:
    actor, count = current_actor(), queries.get_count(public_id)
    return render_template(
        "giving/cash/count.html",
        count=count,
        form=form or ConfirmCountForm(formdata=None),
        refused=refused,
        is_own=count.counted_by_id == actor.user_id,
        may_count=may_count_cash(actor),
    )
