"""Tests of `fundapp.aid_plans`."""
