"""Payment references: made, checked, and found in the text of a bank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.giving.references import find_references, is_reference, new_reference

ONE, TWO, THREE = "YL8RTQ3W6NZ", "YL5WQ8RZ3FX", "YLK6T4BX9D5"
CLEAR = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PREFIXES = st.from_regex("[A-Z]{1,3}", fullmatch=True)


@given(PREFIXES)
def test_a_new_reference_is_short_readable_and_valid(prefix):
    reference = new_reference(prefix)
    assert reference.startswith(prefix)
    assert 10 <= len(reference) <= 12
    assert set(reference[len(prefix) :]) <= set(CLEAR)
    assert is_reference(reference)


def test_references_do_not_repeat():
    assert len({new_reference() for _ in range(2_000)}) == 2_000


@pytest.mark.parametrize("prefix", ["", "YALA", "yl", "Y1", "ยล", "Y "])
def test_a_prefix_is_one_to_three_capital_letters(prefix):
    with pytest.raises(ValueError, match="one to three letters"):
        new_reference(prefix)


@given(PREFIXES, st.data())
def test_every_single_wrong_character_is_caught(prefix, data):
    reference = new_reference(prefix)
    position = data.draw(st.integers(0, len(reference) - 1))
    others = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") - {reference[position]}
    for other in others:
        assert not is_reference(reference[:position] + other + reference[position + 1 :])


@given(PREFIXES)
def test_every_exchange_of_neighbours_is_caught(prefix):
    reference = new_reference(prefix)
    for i in range(len(reference) - 1):
        swapped = reference[:i] + reference[i + 1] + reference[i] + reference[i + 2 :]
        assert is_reference(swapped) == (swapped == reference)


@pytest.mark.parametrize("text", [ONE, ONE.lower(), "Yl5wQ8rZ3fX"])
def test_small_letters_count_as_capitals(text):
    assert is_reference(text)


@pytest.mark.parametrize(
    "text",
    ["", "YL", ONE[:-1], ONE + "2", ONE + " ", f" {ONE}", "YL8R TQ3W6NZ", "ＹＬ8RTQ3W6NZ",
     ONE.replace("L", "ł"), "๑๒๓๔๕๖๗๘๙๐๑", "12345678901", ONE + "\n", "\x00" * 11],
)  # fmt: skip
def test_other_texts_are_no_references(text):
    assert not is_reference(text)


def test_a_plain_word_is_no_reference():
    assert not any(is_reference("YLABCDEFGH" + check) for check in CLEAR)


@pytest.mark.parametrize(
    ("text", "references"),
    [
        (f"Ref1 {ONE} Ref2 GEN", [ONE]),
        (f"ref1 {ONE.lower()} ref2 gen", [ONE]),
        (f"โอนเงิน{ONE}บริจาค", [ONE]),
        (f"{ONE}/{TWO};{THREE}", [ONE, TWO, THREE]),
        (f"{TWO} {ONE} {TWO}", [TWO, ONE]),
        (f"{ONE}\n{TWO}", [ONE, TWO]),
        (f"REF:{ONE}.", [ONE]),
        (f"Ref1_{ONE}_Ref2", [ONE]),
        ("YL8R TQ3W 6NZ", [ONE]),
        ("YL8R-TQ3W-6NZ", [ONE]),
        ("yl8r-tq3w 6nz", [ONE]),
        ("Ref1 YL8R TQ3W 6NZ Ref2 GEN", [ONE]),
        (f"YL8R-TQ3W-6NZ {TWO}", [ONE, TWO]),
        ("YL8R\u00a0TQ3W\u20116NZ", [ONE]),
        ("YL8RTQ\u200b3W6NZ", [ONE]),
        ("ＹＬ８ＲＴＱ３Ｗ６ＮＺ", [ONE]),
        ("YL๘RTQ๓W๖NZ", [ONE]),
        ("YL8R  TQ3W6NZ", []),
        ("YL8R/TQ3W6NZ", []),
        ("YL8R\nTQ3W6NZ", []),
        (f"X{ONE}", []),
        (f"{ONE}X", []),
        (ONE[:-1] + "Y", []),
        ("X0012 นาย ตัวอย่าง ใจดี", []),
        ("PV2569-0007", []),
        ("", []),
    ],
)
def test_references_in_the_text_of_a_bank(text, references):
    assert find_references(text) == references


def test_broken_references_that_share_a_word_are_not_found():
    left, right = overlapping()
    assert find_references(left) == [left.replace(" ", "")]
    assert find_references(right) == [right.replace(" ", "")]
    assert find_references(f"{left} {right.split(' ', 1)[1]}") == []


def overlapping():
    """Two broken references where the second begins with the last word of the first."""
    for _ in range(200_000):
        first = new_reference("K")
        for cut in range(1, len(first) - 1):
            tail = first[cut:]
            if not tail.isalpha() or len(tail) > 3:
                continue
            second = new_reference(tail)
            left = f"{first[:cut]} {tail}"
            right = f"{tail} {second[len(tail) :]}"
            return left, right
    raise AssertionError("no overlapping pair found")


@given(st.text(max_size=200))
def test_any_text_gives_only_valid_references(text):
    assert all(is_reference(reference) for reference in find_references(text))


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_reference_set_apart_is_found_in_any_text(before, after):
    assert ONE in find_references(f"{before} {ONE} {after}")


def test_a_long_text_is_searched_in_good_time():
    assert find_references("YL8R TQ3W 6NZ, " * 5_000) == [ONE]
