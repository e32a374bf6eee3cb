"""The blueprint of agencies and referrals."""

from flask import Blueprint

blueprint = Blueprint("agencies", __name__)
