"""What every page shares: headers, error pages, language, filters, rate limits, health.

It may import the kernel only. This is the one place that turns a `DomainError` into an HTTP answer.
"""
