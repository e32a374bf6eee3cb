"""Messages to people: queued in the unit of work of their cause, sent afterwards by the worker, by
e-mail or LINE; what comes back, and the addresses that take nothing.

So neither a message nor its cause exists without the other. A message names its cause by
``about_type`` and ``about_ref``. It may import trail, web and the kernel.
"""
