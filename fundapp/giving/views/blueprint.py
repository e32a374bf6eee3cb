"""The blueprint of giving, and what its views share."""

from flask import Blueprint

from fundapp.giving import words

blueprint = Blueprint("giving", __name__)
blueprint.add_app_template_filter(words.label, "giving_label")
blueprint.add_app_template_filter(words.tone, "giving_tone")
