"""Trees, proofs and signed notes, without a database: the public vectors and their own rules."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.ledger.canonical import leaf_hash
from fundapp.ledger.log.notes import Checkpoint, NoteError, open_note, parse_vkey, sign, vkey_of
from fundapp.ledger.log.tree import (
    EMPTY_ROOT,
    GrowingTree,
    complete_root,
    consistency_path,
    inclusion_path,
    is_consistent,
    is_included,
    root_at,
)

DATA = Path(__file__).parent / "data"
LEAVES = [leaf_hash(str(number).encode()) for number in range(70)]


def read_vectors(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def decoded(texts):
    return [base64.b64decode(text) for text in texts or []]


def root_of(leaf_hashes):
    growing = GrowingTree()
    for each in leaf_hashes:
        growing.add(each)
    return growing.root()


def read(level, position):
    low = position << level
    return complete_root(LEAVES[low : low + (1 << level)])


def test_the_public_vectors_of_inclusion():
    wrong = [
        case["name"]
        for case in read_vectors("rfc6962_proofs.json")["inclusion"]
        if is_included(
            *decoded([case["leafHash"]]),
            case["leafIdx"],
            case["treeSize"],
            decoded(case["proof"]),
            *decoded([case["root"]]),
        )
        is case["wantErr"]
    ]
    assert wrong == []


def test_the_public_vectors_of_consistency():
    wrong = [
        case["name"]
        for case in read_vectors("rfc6962_proofs.json")["consistency"]
        if is_consistent(
            case["size1"],
            case["size2"],
            *decoded([case["root1"]]),
            *decoded([case["root2"]]),
            decoded(case["proof"]),
        )
        is case["wantErr"]
    ]
    assert wrong == []


def test_five_thai_entries():
    case = read_vectors("thai_entries.json")
    leaves = [leaf_hash(data) for data in decoded(case["entries_b64"])]
    assert [leaf.hex() for leaf in leaves] == case["leaf_hex"]
    roots = [root_of(leaves[:size]) for size in range(6)]
    assert [root.hex() for root in roots] == case["roots_hex"]
    secret = bytes.fromhex(case["seed_hex"])
    key = vkey_of(case["origin"], secret)
    assert str(key) == case["vkey"]
    assert parse_vkey(case["vkey"]) == key
    for size in (3, 5):
        note = case[f"checkpoint{size}"]
        assert sign(Checkpoint(case["origin"], size, roots[size]), secret) == note
        assert open_note(note, key) == Checkpoint(case["origin"], size, roots[size])
    assert is_consistent(3, 5, roots[3], roots[5], decoded(case["consistency_3_5"]))
    assert is_included(leaves[2], 2, 5, decoded(case["inclusion_2_5"]), roots[5])


@given(st.data())
def test_every_proof_holds_and_no_other(data):
    new = data.draw(st.integers(1, len(LEAVES)))
    old = data.draw(st.integers(1, new))
    index = data.draw(st.integers(0, new - 1))
    root = root_of(LEAVES[:new])
    assert root_at(new, read) == root
    path = inclusion_path(index, new, read)
    assert is_included(LEAVES[index], index, new, path, root)
    assert not is_included(EMPTY_ROOT, index, new, path, root)
    between = consistency_path(old, new, read)
    assert is_consistent(old, new, root_of(LEAVES[:old]), root, between)
    assert not is_consistent(old, new, EMPTY_ROOT, root, between)


SECRET = bytes(range(32))
NOTE = sign(Checkpoint("fund.example/ledger/1", 7, EMPTY_ROOT), SECRET)


@pytest.mark.parametrize(
    "note",
    [
        NOTE.replace("\n7\n", "\n8\n"),
        NOTE.replace("\n7\n", "\n07\n"),
        NOTE.replace("fund.example/ledger/1\n7", "other.example/ledger/1\n7"),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("— ", "- "),
        NOTE[:-3] + "\n",
        NOTE.partition("\n\n")[0] + "\n\n",
        "",
        "\n\n\n",
    ],
)
def test_a_changed_note_is_refused(note):
    key = vkey_of("fund.example/ledger/1", SECRET)
    assert open_note(NOTE, key).size == 7
    with pytest.raises(NoteError):
        open_note(note, key)


def test_signatures_of_others_are_passed_over():
    key = vkey_of("fund.example/ledger/1", SECRET)
    witness = sign(Checkpoint("witness.example", 7, EMPTY_ROOT), bytes(range(1, 33)))
    cosigned = NOTE + witness.rpartition("\n\n")[2]
    assert open_note(cosigned, key).size == 7


@pytest.mark.parametrize("text", ["", "a+b+c", "a b+00000000+AQ==", "x"])
def test_a_wrong_key_is_refused(text):
    with pytest.raises(NoteError):
        parse_vkey(text)
    with pytest.raises(NoteError):
        parse_vkey(str(vkey_of("a", SECRET)).replace("a+", "b+", 1))
