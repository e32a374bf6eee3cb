"""What a fault leaves behind: a real server under load, faults, and the rows afterwards.

`python -m tests.faults [FAULT …]` (`make faults`) serves the program with gunicorn on the loopback,
on SQLite and on PostgreSQL, lets donors, an officer and a process that posts write at once, and
brings one fault after another. Whatever was acknowledged must then be there exactly once.

* `places.py` is a database on a small disk of its own that can be full, read-only or away.
* `processes.py` starts the server and what writes beside it, as forks of a process into which
  `preloaded.py` has imported the program.
* `load.py` is who gives and records, and what each was answered.
* `rows.py` compares what was acknowledged with the rows, and asks the checks.
* `reports.py` reads reports meanwhile and compares each with itself.
* `scenes.py` has the faults.
* `moved_clock.py` is the application with a clock that can be set.
"""
