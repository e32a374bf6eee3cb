"""The blueprint of giving, and what its views share."""

from flask import Blueprint
from flask_login import current_user

from fundapp.giving import words

blueprint = Blueprint("giving", __name__)
blueprint.add_app_template_filter(words.label, "giving_label")
blueprint.add_app_template_filter(words.tone, "giving_tone")

#: How the trail names somebody who is not signed in.
PUBLIC_ACTOR = "public"


def actor() -> str:
    """Who is acting: the public id of the person who is signed in, or ``public``."""
    return str(current_user.public_id) if current_user.is_authenticated else PUBLIC_ACTOR
