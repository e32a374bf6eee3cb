"""Sentences that are translated when they are shown, for forms and tables of labels."""

from flask_babel import lazy_gettext


def lazy(text: str) -> str:
    """``text`` in the language of whoever will read it; import it as ``_l``.

    What comes back is Babel's lazy string. It is announced as ``str``, which WTForms asks for.
    """
    later: str = lazy_gettext(text)  # type: ignore[assignment]
    return later
