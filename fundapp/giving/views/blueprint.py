"""The blueprint of giving."""

from flask import Blueprint, Response, request

blueprint = Blueprint("giving", __name__)

#: Parts of addresses that give access to a page by themselves.
_SECRETS = frozenset({"token", "code"})


@blueprint.after_request
def keep_address_private(response: Response) -> Response:
    """Keep an address that gives access to its page out of search engines and other sites' logs."""
    if not _SECRETS.isdisjoint(request.view_args or ()):
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "same-origin"
    return response
