"""The blueprints of money out: its pages, and the page of the link on a voucher."""

from flask import Blueprint

blueprint = Blueprint("disbursements", __name__, url_prefix="/disbursements")
confirmations = Blueprint("confirmations", __name__, url_prefix="/confirm")
