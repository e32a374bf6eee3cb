"""The public pages: what came in, and what is published of the help that was paid.

Figures about children and their money are published once a month, frozen in rows, and never
computed for a page (`operations.publish_months`); which of them may rise is decided in `rises`.
What came in is read from the books as they are. It may import every package below it; of those
above, `audit` checks what was published, and `worker` publishes.
"""
