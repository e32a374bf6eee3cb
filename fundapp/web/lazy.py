"""Sentences that are translated when they are shown, for the labels of forms."""

from flask_babel import lazy_gettext


def lazy(text: str) -> str:
    """``text``, translated when a page shows it; import it as ``_l``.

    The value is Babel's lazy string; its declared type is the ``str`` that WTForms expects.
    """
    lazy_text: str = lazy_gettext(text)  # type: ignore[assignment]
    return lazy_text
