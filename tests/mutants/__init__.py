"""Mutation testing: how many small faults, built into the code on purpose, the tests notice.

`python -m tests.mutants` (`make mutants`) changes one expression or statement of one file, in the
memory of a forked process, runs the tests that reach it, and counts the changes that no test
notices. mutmut 3 was tried first: it leaves out functions with a decorator and everything at module
level, so neither the permission table nor the workflow mappings nor a view would be measured.

* `changes.py` makes the changes.
* `runs.py` runs tests against one of them.
* `targets.py` names the files, the tests of each, and the changes that make no difference.
"""
