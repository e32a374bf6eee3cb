"""Messages to people: queued with what they are about, sent after the commit by the worker.

A message and its cause are written in one unit of work, so neither exists without the other. It may
import the kernel only; a message knows its cause as ``about_type`` and ``about_ref``.
"""
