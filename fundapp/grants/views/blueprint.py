"""The blueprint of grants."""

from flask import Blueprint

blueprint = Blueprint("grants", __name__, url_prefix="/grants")
