"""Children, their guardians and the consents that allow the fund to keep their files.

It may import identity, places, trail, documents, web, mail and the kernel. Whatever names a person
here is encrypted at rest; every read of a file is written to the trail; roles see their own
districts. A child's name never leaves this package in a row that may not be erased.
"""
