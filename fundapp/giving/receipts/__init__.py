"""Receipts: numbered without a gap per Thai fiscal year, unchanged once issued, void when the
payment is reversed. Their tables are in `fundapp.giving.models`.
"""
