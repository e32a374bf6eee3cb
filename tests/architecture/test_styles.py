"""Every class that a page names has a style: a part of Bootstrap that was left out shows here."""

import re

from fundapp.web.static_files import ALL_SHEETS, read_folder
from tests.architecture.sources import ROOT, TEMPLATES, name, templates

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
CLASS = re.compile(r'\bclass="(?P<value>[^"]*)"')
#: In a value an expression may stand; of its texts those with a hyphen are names of classes.
EXPRESSION = re.compile(r"\{\{(.*?)\}\}|\{%.*?%\}", re.DOTALL)
QUOTED = re.compile(r"'([^']*)'")
WORD = re.compile(r"(?<![\w-])-?[a-z][\w-]*(?![\w-])")

#: Names of parts that look like what they are in, and a mark that `fundapp.web.cards` reads.
PLAIN = {
    "facts-1",
    "form-block",
    "no-label",
    "radio-card-text",
    "step-text",
    "timeline-neutral",
    "timeline-text",
}

SHEET = read_folder(ROOT / "static").files[ALL_SHEETS].body.decode()
STYLED = set(re.findall(r"\.(-?[a-z][\w-]*)", SHEET))

PAGES = [path for path in templates() if TEMPLATES / "email" not in path.parents]


def named_in(text):
    """The whole names of classes in the markup ``text``; those that a value completes are left."""
    for match in CLASS.finditer(COMMENT.sub("", text)):
        value = match["value"]
        for part in EXPRESSION.finditer(value):
            for quoted in QUOTED.findall(part[1] or ""):
                yield from (word for word in quoted.split() if "-" in word)
        yield from EXPRESSION.sub("\0", value).split()


def is_whole(word):
    return "\0" not in word and not word.endswith("-") and WORD.fullmatch(word)


def unstyled(path):
    words = set(filter(is_whole, named_in(path.read_text(encoding="utf-8"))))
    return words - STYLED - PLAIN


def test_every_class_has_a_style():
    assert {name(path): words for path in PAGES if (words := unstyled(path))} == {}


def test_no_name_is_listed_in_vain():
    assert PLAIN.isdisjoint(STYLED)
