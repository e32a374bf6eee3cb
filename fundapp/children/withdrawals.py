"""Whom a withdrawn consent concerns outside of children's files: those who decide on help and pay.

Requests belong to a package above this one. It puts the function that tells them into the
application's extensions under `TELL`.
"""

from flask import current_app

from fundapp.access.actors import Actor
from fundapp.children.models import Child, Consent

#: Where the application keeps the function; its parameters are those of `tell_of_withdrawal`.
TELL = "tell_of_withdrawal"


def tell_of_withdrawal(child: Child, consent: Consent, *, actor: Actor) -> None:
    """Tell those who work on requests for the child that the consent was withdrawn."""
    current_app.extensions[TELL](child, consent, actor=actor)
