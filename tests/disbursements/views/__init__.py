"""Tests of `fundapp.disbursements.views`, over HTTP and without a script."""
