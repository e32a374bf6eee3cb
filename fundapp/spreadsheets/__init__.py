"""Lists that people keep as spreadsheets, read as cells of known kinds.

A file is read by a process of its own with little memory and time, because it may have been made to
break its reader (`fundapp.spreadsheets.reading`). What comes back are texts: no number of a
spreadsheet becomes a float here. What a cell says as an amount, a day or a number of something is
read by `fundapp.spreadsheets.cells`, exactly or not at all.
"""
