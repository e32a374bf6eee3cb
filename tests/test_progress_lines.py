"""A long command says how far it is, every few seconds, where there is no terminal too."""

import io
import time

from fundapp.progress_lines import Progress


def progress(seconds_ago):
    moment = time.monotonic() - seconds_ago
    return Progress("Loading", 200, began=moment, said_at=moment)


def test_a_short_command_says_nothing(capsys):
    with progress(0) as said:
        said.add(100)
    assert capsys.readouterr().err == ""


def test_a_log_gets_a_line_with_the_time_that_is_left(capsys):
    with progress(10) as said:
        said.add(100)
        said.add(10)  # right afterwards: nothing to say
        said.said_at -= 10
        said.add(40)
    first, second = capsys.readouterr().err.splitlines()
    assert first == "Loading: 100 of 200, 10 s left"
    assert second.startswith("Loading: 150 of 200, ")


def test_long_times_are_told_in_minutes(capsys):
    with progress(300) as said:
        said.add(100)
    assert capsys.readouterr().err == "Loading: 100 of 200, 5 min 0 s left\n"


def test_a_terminal_sees_one_line_that_changes(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with progress(10) as said:
        said.add(100)
        said.said_at -= 10
        said.add(100)
    assert terminal.getvalue().count("\r") == 2
    assert terminal.getvalue().endswith("\n")
    assert terminal.getvalue().count("\n") == 1
