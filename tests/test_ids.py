"""Identifiers that people and commands are given."""

from fundapp.ids import new_public_id


def test_a_public_id_is_never_taken_for_an_option():
    ids = {new_public_id() for _ in range(1_000)}
    assert len(ids) == 1_000
    assert {len(each) for each in ids} == {22}
    assert not any(each.startswith("-") for each in ids)
