"""Documents that people upload: recognised by content, limited in size, re-encoded, hashed, and
stored encrypted outside the database.

It may import the kernel only; a document knows what it belongs to as ``subject_type`` and
``subject_ref``.
"""
