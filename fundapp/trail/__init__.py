"""The trail: who did what to which thing, when and why; and who read what names a child.

Rows are written in the unit of work of what they describe, and are append-only in both databases.
Things are known only as ``subject_type`` and ``subject_ref`` (a public id). It may import the
kernel only.
"""
