"""What auditors read: the journal, statements as of any day, exports, and named checks.

Reads the books and writes nothing but the trail of its own readers. It may import
every package below it; nobody imports it. A *check* is a statement that must hold at any time, by
name; a *violation* is a row that breaks one.
"""
