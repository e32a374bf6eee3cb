"""By which way donors are written to: linking an account at LINE, and the choice between it and
e-mail. Where the addresses themselves are kept: `fundapp.mail`.
"""
