"""Sentences are kept together with their values."""

from datetime import date

from fundapp.banking.sentences import from_json, sentence, to_json


def test_sentences_are_kept_with_their_values():
    kept = [
        sentence("Late: it was due on %(due_on)s.", due_on=date(2026, 11, 3)),
        sentence("It is %(short_satang)s baht less.", short_satang=50),
    ]
    assert from_json(to_json(kept)) == kept
    assert kept[0].values == {"due_on": "2026-11-03"}
    assert [each.text for each in from_json("100 % plain")] == ["100 % plain"]
