"""What every page shares: forms, headers, error pages, language, filters, rate limits, health.

It may import the kernel only. Only this package turns a `DomainError` into an HTTP answer.
"""
