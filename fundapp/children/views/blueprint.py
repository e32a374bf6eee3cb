"""The blueprint of children's pages."""

from flask import Blueprint, Response

blueprint = Blueprint("children", __name__)


@blueprint.after_request
def forbid_caching(response: Response) -> Response:
    """No browser and no proxy keeps a page about children."""
    response.headers["Cache-Control"] = "no-store"
    return response
