"""The benchmark: what the program costs over the bare driver and over bare Flask.

``python -m bench`` prints rates and ratios; a ratio of two runs side by side travels between
machines, a rate does not.
"""
