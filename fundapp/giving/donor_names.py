"""How the names of donors are compared (pure)."""

from fundapp.thai.names import fold_name


def name_key(name: str) -> str:
    """``name`` as a donor is recognised by it: folded, without titles and spaces.

    It is stored with the donor; when `fold_name` changes, a migration writes it again. Empty only
    for an empty name.
    """
    return "".join(fold_name(name).split()) or name
