"""Pages of money out: the list, a request and what can be done with it, the form, the voucher."""

from flask import Blueprint

blueprint = Blueprint("disbursements", __name__, url_prefix="/disbursements")

from fundapp.disbursements.views import actions, asking, reading  # noqa: E402, F401 - their routes
