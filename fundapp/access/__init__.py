"""Who may do what: roles, permissions, the actor that every operation takes, the marks of routes.

It is part of the kernel, so that the ledger, the mail and the web ask the same questions as the
packages above them. Who is signed in, and the guard in front of each request, are `identity`'s.
"""
