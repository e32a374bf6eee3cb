"""How the names of donors are compared, and that a payer is who the pledge names (pure)."""

from fundapp.giving.errors import IncomingPaymentError
from fundapp.markers import N_
from fundapp.thai.names import fold_name


def name_key(name: str) -> str:
    """``name`` as a donor is recognised by it: folded, without titles and spaces.

    It is stored with the donor; when `fold_name` changes, a migration writes it again. Empty only
    for an empty name.
    """
    return "".join(fold_name(name).split()) or name


def require_named(payer_name: str, name: str, *, field: str) -> None:
    """IncomingPaymentError when the receipt would name another than the payer who was typed."""
    if not payer_name or name_key(payer_name) == name_key(name):
        return
    if not name:
        raise IncomingPaymentError(
            N_(
                "This pledge was made without a name. Leave the name empty, or, for a receipt with "
                "a name, leave the reference empty and choose the fund."
            ),
            field=field,
        )
    raise IncomingPaymentError(
        N_(
            "This pledge is by %(name)s, so the receipt would name %(name)s. Leave the name empty "
            "if that is right. If somebody else gave, leave the reference empty and choose the "
            "fund."
        ),
        field=field,
        params={"name": name},
    )
