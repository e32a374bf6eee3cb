"""The benchmark: what the program costs beside the plainest thing that does the same work.

``python -m bench`` prints rates, ratios and the aims. A ratio of two runs side by side travels
between machines, a rate does not.
"""
