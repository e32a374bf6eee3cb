"""The blueprint of children's pages."""

from flask import Blueprint, Response

from fundapp.children.labels import birth_text

blueprint = Blueprint("children", __name__)
blueprint.add_app_template_filter(birth_text, "birth")


@blueprint.after_request
def forbid_caching(response: Response) -> Response:
    """No browser and no proxy keeps a page about children."""
    response.headers["Cache-Control"] = "no-store"
    return response
