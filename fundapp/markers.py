"""Marks sentences for translation where nothing may be translated yet.

Modules that know no request cannot know a language either. They raise and return plain English
message ids; the layer that shows them calls gettext. `N_` does nothing but let the extractor find
the sentence.
"""


def N_(text: str) -> str:  # noqa: N802 - the name the extractor looks for, as in GNU gettext's manual
    """``text`` itself, noted for the translators."""
    return text
