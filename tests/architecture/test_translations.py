"""Every sentence the application can say is there in Thai and Malay, with the same placeholders."""

import ast
import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.architecture.sources import PACKAGE, ROOT, modules, name, parse

RULE_ERRORS = {f"{kind}Error" for kind in ("Domain", "NotFound", "Forbidden", "Stale", "Rule")}
LOCALES = ("th", "ms")
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
THAI = re.compile(r"[\u0e00-\u0e7f]")


@cache
def sentences():
    """msgid, or (singular, plural) → where it is said."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    extracted = extract_from_dir(ROOT, methods, options, KEYWORDS, strip_comment_tags=True)
    return {message: f"{file}:{line}" for file, line, message, _comments, _context in extracted}


@cache
def catalogue(locale):
    path = PACKAGE / "translations" / locale / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def messages(locale):
    """The catalogue's own messages, without its header."""
    return [message for message in catalogue(locale) if message.id]


def texts(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def ids(message):
    return message.id if isinstance(message.id, tuple) else (message.id,)


def placeholders(text):
    return set(PLACEHOLDER.findall(text))


def test_there_are_sentences():
    assert len(sentences()) > 100


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_is_in_the_catalogue(locale):
    missing = {text: place for text, place in sentences().items() if not _translated(locale, text)}
    assert not missing, f"{len(missing)} without {locale}: run `make i18n`, then translate"


def _translated(locale, text):
    message = catalogue(locale).get(text if isinstance(text, str) else text[0])
    return message is not None and all(texts(message))


@pytest.mark.parametrize("locale", LOCALES)
def test_no_translation_is_fuzzy(locale):
    assert [message.id for message in messages(locale) if message.fuzzy] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_translation_is_left_over(locale):
    said = {text if isinstance(text, str) else text[0] for text in sentences()}
    assert [message.id for message in messages(locale) if ids(message)[0] not in said] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_placeholders_are_the_same(locale):
    wrong = [
        (message.id, text)
        for message in messages(locale)
        for text in texts(message)
        if text and placeholders(text) != placeholders(ids(message)[-1])
    ]
    assert wrong == []


def test_thai_is_thai():
    """A sentence of words that has no Thai letter was not translated."""
    wrong = [
        message.id
        for message in messages("th")
        for text in texts(message)
        if text
        and not THAI.search(text)
        and re.search(r"[a-z]{3} [a-z]{3}", PLACEHOLDER.sub("", text))
    ]
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_ends_are_the_same(locale):
    """A label stays a label: neither side alone begins or ends with a space or a line break."""
    wrong = [
        message.id
        for message in messages(locale)
        for text in texts(message)
        if text and (text != text.strip()) != (ids(message)[0] != ids(message)[0].strip())
    ]
    assert wrong == []


def test_what_the_rules_say_can_be_translated():
    """A `DomainError`'s sentence is translated where it is shown, so it is marked where it is
    written.
    """
    said = {text if isinstance(text, str) else text[0] for text in sentences()}
    unmarked = [
        f"{name(path)}:{node.lineno} {node.value}"
        for path in modules()
        for node in _rule_sentences(parse(path))
        if node.value not in said
    ]
    assert unmarked == []


def _rule_sentences(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and "message" in _targets(node):
            yield from _texts(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            yield from _texts(node.args[0] if node.func.id in RULE_ERRORS else None)


def _targets(node):
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _texts(node):
    """The node if it is a bare string: a marked one is a call of the mark."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
