"""Documents that people hand in: sniffed, size-capped, re-encoded, hashed, kept encrypted outside
the database.

It may import the kernel only; a document knows what it belongs to as ``subject_type`` and
``subject_ref``.
"""
