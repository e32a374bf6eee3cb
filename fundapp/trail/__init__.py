"""The trail: who did what to which thing, when and why; and who read what names a child.

Events are written in the unit of work of what they describe, and both tables are append-only. A
thing is named by ``subject_type`` and ``subject_ref`` (a public id). It may import web and the
kernel.
"""
