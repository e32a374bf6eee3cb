"""Marks sentences for translation where nothing may be translated yet.

Modules without a request do not know the reader's language. They raise and return English message
ids, and the layer that shows them calls gettext. `N_` changes nothing; it lets Babel's extractor
find the sentence.
"""


def N_(text: str) -> str:  # noqa: N802 - the name the extractor looks for, as in GNU gettext's manual
    """``text`` itself; the extractor adds it to the catalogues."""
    return text
