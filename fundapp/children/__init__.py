"""Children, their guardians and the consents that allow the fund to keep their files.

It may import identity, places, trail, documents, web, mail and the kernel. What names a child, a
guardian or a payee is encrypted at rest and decrypted only by a `reader.Reader`, which records the
read; case managers see their own districts. No row that may not be erased has a column for a
child's name.
"""
