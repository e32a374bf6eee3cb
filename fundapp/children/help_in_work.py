"""Whether help for a child is being decided on or paid: asked before its file moves.

Requests belong to a package above this one. It puts the function that counts them into the
application's extensions under `COUNT`.
"""

from flask import current_app

from fundapp.children.models import Child

#: Where the application keeps the function; it takes a child.
COUNT = "count_requests_in_work"


def count_help_in_work(child: Child) -> int:
    """How many requests for the child are in work."""
    count: int = current_app.extensions[COUNT](child)
    return count
