"""Tests mirror the tree of `fundapp`: tests/<package>/test_<file>.py; stories are in journeys/."""
