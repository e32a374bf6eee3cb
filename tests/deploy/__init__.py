"""The sample configuration of a proxy, tried."""
