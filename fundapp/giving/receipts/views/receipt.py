"""The page of a receipt for whoever has its code, its papers, and its replacement."""

from enum import StrEnum

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import public, requires
from fundapp.access.permissions import Permission
from fundapp.errors import NotFoundError
from fundapp.giving.models import Receipt
from fundapp.giving.policy import may_read_receipts, may_replace_receipt
from fundapp.giving.receipts import operations, pdfs, queries
from fundapp.giving.receipts.forms import ReplaceForm
from fundapp.giving.receipts.keys import is_owner_key, owner_key
from fundapp.giving.receipts.letters import share_picture, thanks_pdf
from fundapp.giving.receipts.reader import open_content
from fundapp.giving.views.blueprint import blueprint
from fundapp.thai.baht_words import baht_in_words
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit
from fundapp.web.limits import give_try_back, take_try, visitor


class Audience(StrEnum):
    """Who looks at a receipt, and so how much of it is shown."""

    STRANGER = "stranger"
    OWNER = "owner"
    OFFICE = "office"


@blueprint.get("/receipts/<code>")
@public
def receipt(code: str) -> str:
    """That the receipt is genuine; the whole of it for its owner and the office."""
    found = guarded_receipt(code)
    detail, audience = queries.get_receipt_detail(found.code), _audience(found)
    is_whole = audience is not Audience.STRANGER
    return render_template(
        "giving/receipt.html",
        detail=detail,
        receipt=detail.receipt,
        words=baht_in_words(detail.receipt.amount_satang),
        is_whole=is_whole,
        is_office=audience is Audience.OFFICE,
        may_replace=may_replace_receipt(current_actor()),
        key=owner_key if audience is Audience.OWNER and request.args.get("key") else None,
        content=open_content(detail.receipt) if is_whole else None,
        print_form=ButtonForm(formdata=None),
    )


@blueprint.get("/receipts/<code>.pdf")
@public
def receipt_pdf(code: str) -> Response:
    """The receipt as PDF: its own file for the owner, one marked as a copy for the office."""
    found = guarded_receipt(code)
    audience = _audience(found)
    if audience is Audience.STRANGER:
        raise NotFoundError
    if audience is Audience.OWNER:
        return _pdf(found, pdfs.original_of(found, actor=current_actor()))
    return _pdf(found, pdfs.copy_of(found))


@blueprint.get("/receipts/<code>/thanks.pdf")
@public
def thanks(code: str) -> Response:
    """The letter of thanks for its gift, for the owner and the office."""
    found = _valid_and_known(code)
    return _file(thanks_pdf(found), "application/pdf", f"thanks-{found.label}.pdf")


@blueprint.get("/receipts/<code>/share.png")
@public
def share(code: str) -> Response:
    """The picture that the donor may share, without the name unless it is asked for."""
    found = _valid_and_known(code)
    picture = share_picture(found, shows_name=request.args.get("name") == "1")
    return _file(picture, "image/png", "gift.png")


@blueprint.post("/receipts/<code>/print")
@requires(Permission.PAYMENT_RECORD)
def print_receipt(code: str) -> Answer:
    """Print it for the donor: the first time the receipt itself, then copies."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.count_print(code, actor=actor),
        done=lambda number: _printed(code, number),
        page=lambda: receipt(code),
    )


@blueprint.get("/receipts/<code>/replace")
@requires(Permission.PAYMENT_RECORD)
def replace_receipt(code: str) -> str:
    """The form to replace it."""
    found = queries.get_receipt(code)
    return _replace_page(found, ReplaceForm.filled(found, open_content(found)))


@blueprint.post("/receipts/<code>/replace")
@requires(Permission.PAYMENT_RECORD)
def replace_void_receipt(code: str) -> Answer:
    """Make it void and issue another one for the same money."""
    form, actor = ReplaceForm(), current_actor()
    return submit(
        form,
        lambda: (
            operations.replace_receipt(code, form.payer, reason=form.why.value, actor=actor).code
        ),
        done=lambda new_code: redirect_with(
            _("The receipt is void, and this one is issued in its place."),
            url_for("giving.receipt", code=new_code),
        ),
        page=lambda: _replace_page(queries.get_receipt(code), form),
    )


def guarded_receipt(code: str) -> Receipt:
    """The receipt; only codes that do not exist count against the limit."""
    take_try("LIMIT_RECEIPT", visitor())
    found = queries.get_receipt(code)
    give_try_back("LIMIT_RECEIPT", visitor())
    return found


def _audience(found: Receipt) -> Audience:
    actor = current_actor()
    if is_owner_key(found.code, request.args.get("key", "")) or queries.is_owner(found, actor):
        return Audience.OWNER
    return Audience.OFFICE if may_read_receipts(actor) else Audience.STRANGER


def owned_receipt(code: str) -> Receipt:
    """The receipt for its owner alone; NotFoundError for everybody else."""
    found = guarded_receipt(code)
    if _audience(found) is not Audience.OWNER:
        raise NotFoundError
    return found


def _valid_and_known(code: str) -> Receipt:
    """The receipt, unless it is void or a stranger asks."""
    found = guarded_receipt(code)
    if found.voided_at is not None or _audience(found) is Audience.STRANGER:
        raise NotFoundError
    return found


def _printed(code: str, number: int) -> Response:
    found = queries.get_receipt(code)
    if number == 1 and found.voided_at is None:
        return _pdf(found, pdfs.original_of(found, actor=current_actor()))
    return _pdf(found, pdfs.copy_of(found, number=number))


def _pdf(found: Receipt, content: bytes) -> Response:
    return _file(content, "application/pdf", pdfs.file_name(found))


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _replace_page(found: Receipt, form: ReplaceForm) -> str:
    return render_template("giving/replace_receipt.html", receipt=found, form=form)
