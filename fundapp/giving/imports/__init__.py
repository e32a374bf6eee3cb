"""Donors, past gifts and pledges taken over from spreadsheets.

A file is uploaded, its columns are mapped, what it would bring is looked at, and then it comes in
whole or not at all. `rows` reads the cells (pure), `plan` says what each row would do, `operations`
does it. The same row is never taken over twice (`fundapp.giving.models.ImportMark`).
"""
