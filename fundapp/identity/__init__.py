"""People who sign in: users, roles, permissions, sessions.

Deny by default: every route states the permission it needs or that it is public, and the
application does not start when one does not. It may import ledger-level packages, web, mail and the
kernel.
"""
