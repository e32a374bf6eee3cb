"""The blueprint of the pages of money out."""

from flask import Blueprint

blueprint = Blueprint("disbursements", __name__, url_prefix="/disbursements")
