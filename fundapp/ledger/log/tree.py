"""The Merkle tree of RFC 9162 §2.1: roots, proofs, and how they are verified (pure).

A *node* at (level, position) is the root of the complete subtree over the leaves
``position << level`` to ``(position + 1) << level``; level 0 are the leaf hashes. Hashes are
SHA-256, 32 bytes.
"""

import hashlib
from collections.abc import Callable, Sequence

#: The root of a tree without a leaf.
EMPTY_ROOT = hashlib.sha256(b"").digest()
_HASH_BYTES = 32

#: The hash of the node at a level and a position, both from 0.
ReadNode = Callable[[int, int], bytes]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of neighbouring nodes of one level."""
    while len(hashes) > 1:
        hashes = [node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
    return hashes[0]


class GrowingTree:
    """The roots of a tree that is read leaf by leaf; it keeps one hash for each level."""

    def __init__(self) -> None:
        self.size = 0
        #: Roots of complete subtrees from the left, each smaller than the one before it.
        self._peaks: list[bytes] = []

    def add(self, leaf_hash: bytes) -> None:
        """Read the next leaf."""
        self._peaks.append(leaf_hash)
        self.size += 1
        for _level in range((self.size & -self.size).bit_length() - 1):
            right = self._peaks.pop()
            self._peaks[-1] = node_hash(self._peaks[-1], right)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_at(size: int, read: ReadNode) -> bytes:
    """The root of the first ``size`` leaves."""
    return _range_root(0, size, read) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, read: ReadNode) -> list[bytes]:
    """The inclusion proof of a leaf in the tree of ``size`` leaves, from the leaf upwards (RFC 9162
    §2.1.3.1). ValueError when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf in this tree")
    path, low, high = list[bytes](), 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range_root(middle, high, read))
            high = middle
        else:
            path.append(_range_root(low, middle, read))
            low = middle
    return path[::-1]


def consistency_path(old: int, new: int, read: ReadNode) -> list[bytes]:
    """The proof that the tree of ``old`` leaves is the beginning of that of ``new`` leaves (RFC
    9162 §2.1.4.1). ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError("an older tree has at least one leaf, and no more than the newer one")
    path, low, high, is_whole = list[bytes](), 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range_root(middle, high, read))
            high = middle
        else:
            path.append(_range_root(low, middle, read))
            low, is_whole = middle, False
    if not is_whole:
        path.append(_range_root(low, high, read))
    return path[::-1]


def is_included(
    leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Whether ``path`` proves the leaf (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf_hash, root, *path):
        return False
    first, last, found = index, size - 1, leaf_hash
    for step in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            found = node_hash(step, found)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            found = node_hash(found, step)
        first, last = first >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether ``path`` proves that one tree is the beginning of the other (RFC 9162 §2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if not _are_hashes(old_root, new_root, *path):
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    if not steps:
        return False
    found_old = found_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            found_old, found_new = node_hash(step, found_old), node_hash(step, found_new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            found_new = node_hash(found_new, step)
        first, last = first >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(each) == _HASH_BYTES for each in hashes)


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _range_root(low: int, high: int, read: ReadNode) -> bytes:
    """The root over the leaves from ``low`` to before ``high``, as the tree has them."""
    size = high - low
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return read(level, low >> level)
    middle = low + _split(size)
    return node_hash(_range_root(low, middle, read), _range_root(middle, high, read))
