"""The sealed log: a Merkle tree over the entries of the journal (RFC 9162 §2.1), whose root is
signed.

Each entry is *sealed* once: it becomes the next leaf of the tree. A *checkpoint* states the size of
the tree and its root and is signed (C2SP tlog-checkpoint). Whoever holds a checkpoint can prove
later that no entry before it was changed, removed or moved: an *inclusion proof* leads from an
entry to the root, a *consistency proof* from one checkpoint to a later one.

The tree is stored as tiles of 256 hashes (C2SP tlog-tiles); docs/decisions/0027-sealed-log.md.
"""
