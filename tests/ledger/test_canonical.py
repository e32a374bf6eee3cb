"""The canonical bytes never change: golden vectors, and everything the form refuses."""

import hashlib
from datetime import UTC, date, datetime

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from fundapp.ledger.canonical import (
    all_quoted,
    canonical_bytes,
    clean_text,
    leaf_hash,
    parse_canonical,
    quoted,
)
from fundapp.ledger.drafts import EntryDraft, PostingDraft, entry_id_of, entry_number
from fundapp.ledger.models import EntryKind

#: An example entry of the published profile, made outside this program (437 bytes), and its leaf
#: hash.
PROFILE_BYTES = (
    '{"actors":{"checker":"","maker":"u-0007"},"at":"2026-11-23T10:15:30Z","currency":"THB",'
    '"kind":"donation","memo":"บริจาคทุนการศึกษา","postings":[{"account":"asset:bank:ktb-001",'
    '"satang":"150000"},{"account":"fund:scholarship","satang":"-150000"}],'
    '"private":"CFyjsOxdwLZIEKufPnGfVF7CA1jkY5/q9AKZEicANXk=","receipt":"2570-000001","seq":"0",'
    '"source":{"ref":"2026112310153000001","type":"promptpay"},"v":"1"}'
).encode()
PROFILE_LEAF = "2768c3fe8abf39125e0abc99054a71cb8a9e5ef93abcbb78599063f43abec8fa"


def test_profile_vector_has_its_leaf_hash():
    assert len(PROFILE_BYTES) == 437
    assert leaf_hash(PROFILE_BYTES).hex() == PROFILE_LEAF
    assert canonical_bytes(parse_canonical(PROFILE_BYTES)) == PROFILE_BYTES


def test_rfc6962_leaf_of_known_data():
    assert leaf_hash(b"L123456").hex().startswith("395aa064")
    assert leaf_hash(b"") == hashlib.sha256(b"\x00").digest()


def test_entry_has_golden_bytes():
    draft = EntryDraft(
        kind=EntryKind.DONATION,
        entry_on=date(2026, 11, 24),
        memo="เงินบริจาค",
        postings=[
            PostingDraft("GEN", "1121", "4110", 100_000),
            PostingDraft("GEN", "5210", "1121", 1_000),
        ],
        source_type="payment",
        source_ref="p-1",
        maker="u-1",
        idempotency_key="k-1",
    )
    data = draft.canonical_bytes(1, datetime(2026, 11, 24, 3, 4, 5, tzinfo=UTC))
    assert data.decode() == (
        '{"actors":{"checker":"","maker":"u-1"},"at":"2026-11-24T03:04:05Z","currency":"THB",'
        '"entry":"JE0000000000001","kind":"donation","memo":"เงินบริจาค","on":"2026-11-24",'
        '"postings":[{"credit":"4110","debit":"1121","fund":"GEN","satang":"100000"},'
        '{"credit":"1121","debit":"5210","fund":"GEN","satang":"1000"}],"private":"","receipt":"",'
        '"reverses":"","source":{"ref":"p-1","type":"payment"},"v":"1"}'
    )
    assert data == rfc8785.dumps(parse_canonical(data))


@pytest.mark.parametrize(
    "document",
    [
        {"a": 1},
        {"a": None},
        {"a": True},
        {"A": "x"},
        {"1a": "x"},
        {"a": "tab\there"},
        {"a": "\x7f"},
        {"a": "e\u0301"},  # not NFC
        {"a": "\ud800"},
        {"a": {"b": {"c": {"d": {"e": {"f": "x"}}}}}},
        {"a" * 33: "x"},
    ],
)
def test_what_the_form_does_not_know_is_refused(document):
    with pytest.raises(ValueError):
        canonical_bytes(document)


def test_objects_and_lists_are_nested_five_deep_at_most():
    def nested(depth):
        return {"a": "x"} if depth == 1 else {"a": nested(depth - 1)}

    assert canonical_bytes(nested(5)) == b'{"a":' * 5 + b'"x"' + b"}" * 5
    with pytest.raises(ValueError, match="nested too deeply"):
        canonical_bytes(nested(6))


@pytest.mark.parametrize("text", ["\x00", "a\tb", "\x85", "e\u0301", "\ud800"])
def test_a_string_alone_keeps_to_the_form_too(text):
    with pytest.raises(ValueError):
        quoted(text)


def test_a_string_is_quoted_as_in_the_bytes():
    assert quoted('ทุน "ก" \\') == '"ทุน \\"ก\\" \\\\"'


@pytest.mark.parametrize("text", ["\x00", "a\tb", "\x85", "e\u0301", "\ud800"])
def test_one_of_many_strings_is_refused_wherever_it_stands(text):
    for texts in ([text, "a"], ["a", text], ["ก", text, '"']):
        with pytest.raises(ValueError):
            all_quoted(texts)


@given(st.lists(st.text()))
def test_many_strings_are_quoted_as_one_by_one(texts):
    def outcome(quote):
        try:
            return quote()
        except ValueError:
            return None

    assert outcome(lambda: all_quoted(texts)) == outcome(lambda: list(map(quoted, texts)))


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": "x"}',
        b'{"b":"x","a":"y"}',
        b'{"a":"x","a":"x"}',
        b'{"a":"\\u0041"}',
        b'["a"]',
        b"{}\n",
    ],
)
def test_other_spellings_are_refused(data):
    with pytest.raises(ValueError):
        parse_canonical(data)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), st.text(max_size=20)))
def test_equal_to_the_rfc8785_library(texts):
    document = {key: clean_text(text) for key, text in texts.items() if text.isprintable()}
    assert canonical_bytes(document) == rfc8785.dumps(document)


@given(st.text(max_size=30).map(clean_text), st.text(max_size=30).map(clean_text))
def test_an_entry_of_any_text_is_in_canonical_form(memo, private):
    draft = EntryDraft(
        kind=EntryKind.DONATION,
        entry_on=date(2026, 11, 24),
        memo=memo,
        postings=[PostingDraft("GEN", "1121", "4110", 1)],
        source_type="payment",
        source_ref="p-1",
        maker="u-1",
        private=private,
        idempotency_key="k-1",
    )
    try:
        document = parse_canonical(draft.content())
    except ValueError:
        assert not (memo + private).isprintable()  # a lone surrogate, or a control character
    else:
        assert (document["memo"], document["private"]) == (memo, private)


def test_cleaning_keeps_thai_sara_am_whole():
    assert clean_text(" น้ำ\t ดื่ม\x00\x85 ") == "น้ำ ดื่ม"


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_entry_numbers_lead_back(entry_id):
    assert entry_id_of(entry_number(entry_id).lower()) == entry_id


@pytest.mark.parametrize(
    "text", ["", "JE", "JE000000000000U", "JE00000000000011", "JEZZZZZZZZZZZZZ", "๑"]
)
def test_other_texts_are_no_entry_numbers(text):
    assert entry_id_of(text) is None
