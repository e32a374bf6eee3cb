"""Templates compile, carry nothing the content security policy refuses, and guard every form."""

import re

import pytest

from tests.architecture.sources import TEMPLATES, name, templates

COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
TAG = re.compile(r"<[a-z][^<>]*>", re.IGNORECASE | re.DOTALL)
FORM = re.compile(r"<form\b(?P<head>[^>]*)>(?P<body>.*?)</form>", re.IGNORECASE | re.DOTALL)
SCRIPT = re.compile(r"<script\b[^>]*>(?P<body>.*?)</script>", re.IGNORECASE | re.DOTALL)
LINE = 120
TEXT_IN_TAGS = re.compile(r">([^<>]+)<")

#: Pages that are mailed: mail readers know no style sheet, so these may carry styles.
MAIL = TEMPLATES / "email"

PAGES = [
    path for path in templates() if MAIL not in path.parents and path.suffix in {".html", ".svg"}
]


def source(path):
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def bare(path):
    """The markup with its expressions blanked: quotes and brackets in them would mislead."""
    return EXPRESSION.sub("•", source(path))


def wrong(find, paths=PAGES):
    """What ``find`` finds on each page where it finds something, by the page's name."""
    return {name(path): found for path in paths if (found := find(path))}


def test_there_are_templates():
    assert PAGES


# Reads no row.
@pytest.mark.sqlite
def test_every_template_compiles(app):
    for path in templates():
        app.jinja_env.get_template(path.relative_to(TEMPLATES).as_posix())


INLINE = re.compile(r"\sstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE)


def inline(path):
    markup = bare(path)
    tags = [tag for tag in TAG.findall(markup) if INLINE.search(tag)]
    styles = re.findall(r"<style\b", markup, re.IGNORECASE)
    return tags + styles + [m["body"] for m in SCRIPT.finditer(markup) if m["body"].strip()]


def test_nothing_is_inline():
    assert wrong(inline) == {}


LOADED = re.compile(
    r"<(?:script|link|img|iframe|source|object)\b[^>]*(?:src|href|data)=\"(?:https?:)?//"
)


def test_nothing_is_loaded_from_elsewhere():
    assert wrong(lambda path: LOADED.findall(source(path))) == {}


LITERAL = re.compile(r"\b(?:href|action|src|data-[a-z-]+)=\"(/[^\"]*)\"")


def test_addresses_are_made_by_url_for():
    """An address that moves is found by its endpoint; none is written out."""
    assert wrong(lambda path: LITERAL.findall(source(path))) == {}


def long_lines(path):
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return [number for number, line in lines if len(line) > LINE]


def test_lines_can_be_read():
    assert wrong(long_lines, templates()) == {}


def unguarded(path):
    return [
        match["head"]
        for match in FORM.finditer(source(path))
        if re.search(r"method\s*=\s*[\"']?post", match["head"], re.IGNORECASE)
        and not re.search(r"csrf|hidden_fields\(", match["body"])
    ]


def test_every_form_that_changes_something_is_guarded():
    """Against cross-site posting: a hidden `csrf_token`, or a macro that writes it."""
    assert wrong(unguarded) == {}


def test_nothing_switches_escaping_off():
    assert wrong(lambda path: re.findall(r"\| *safe|autoescape false", source(path))) == {}


#: Texts of ours that come by name, not typed by anybody.
SAFE_VARIABLES = (
    "result.check.title", "one.problem, **one.params", "one.remedy, **one.params",
    "each.written.what", "written.what", "what",
)  # fmt: skip


def variables_translated(path):
    given = re.findall(r"(?<![\w.])_\(\s*([a-z][^)]*)\)", source(path))
    return [text for text in given if text.strip() not in SAFE_VARIABLES]


def test_only_sentences_of_ours_are_translated():
    """`_(…)` marks its text as safe HTML: given what somebody typed, it would run it."""
    assert wrong(variables_translated) == {}


def untranslated(path):
    """Two English words in a row between tags are a sentence that nobody translates."""
    body = re.sub(
        r"<(script|style|title|code|kbd)\b.*?</\1>", "", bare_untranslated(path), flags=re.DOTALL
    )
    said = [text.strip() for text in TEXT_IN_TAGS.findall(body)]
    return [text for text in said if re.search(r"[A-Za-z]{2,}\s+[A-Za-z]{2,}", text)]


def test_every_sentence_is_translated():
    assert wrong(untranslated) == {}


def bare_untranslated(path):
    text = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", source(path), flags=re.DOTALL)
    return EXPRESSION.sub("", text)
