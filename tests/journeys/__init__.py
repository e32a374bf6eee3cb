"""The fund's whole work over HTTP, as people do it: page by page, on both databases."""
