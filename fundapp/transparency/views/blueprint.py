"""The blueprint of the public pages."""

from flask import Blueprint

blueprint = Blueprint("transparency", __name__)
