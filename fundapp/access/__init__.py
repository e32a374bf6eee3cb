"""Who may do what: roles, permissions, the actor that every operation takes, the marks of routes.

It belongs to the kernel, so that every package can check permissions. Signing in and the check
before each request are in `identity`.
"""
