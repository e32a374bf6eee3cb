"""People who sign in: users with their roles, districts, passwords and sessions.

Deny by default: every route is marked public or with the permission it needs (`fundapp.access`),
and `guard` checks each request against it. It may import the layer of the ledger and below.
"""
