"""What tests of these pages share: what is typed into forms, addresses, answers as text."""

import html
import io

from PIL import Image

from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest


def request_form(team, **overrides):
    values = {
        "fund": team.fund,
        "need": "education",
        "lines": [team.child.public_id],
        f"amount-{team.child.public_id}": "1,000.50",
        "payee_kind": "guardian",
        "payee_name": "Aminah Invented",
        "payout_method": "transfer",
        "bank": "006",
        "account_number": "123-4-56789-0",
        "reason": "Shoes and books",
    }
    return {**values, **overrides}


def proof_form(**overrides):
    return {
        "version": "3",
        "outcome": "received",
        "confirmed_on": "24/11/2569",
        "confirmed_by": "Aminah Invented",
        "document": (picture(), "paper.png"),
        **overrides,
    }


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "PNG")
    buffer.seek(0)
    return buffer


def stored():
    db.session.expire_all()
    return db.session.query(DisbursementRequest).order_by(DisbursementRequest.id).all()


def url(request, action=""):
    return f"/disbursements/{request.public_id}" + (f"/{action}" if action else "")


def text(answer):
    """The page's source, with its entities as characters."""
    return html.unescape(answer.get_data(as_text=True))
