"""Security headers on every answer, error pages and static files included.

Values: OWASP Secure Headers, ASVS 5.0 V3.4. No inline script or style exists anywhere, so none is
allowed.
"""

from functools import cache

from flask import Flask, Response, current_app, request

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; "
    "form-action 'self' https://checkout.stripe.com{processor}; "
    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), payment=()",
}


def add_headers(response: Response) -> Response:
    """Add the headers that are missing; a view may have set stricter values."""
    secure = current_app.config["SECURE"]
    signed_in = current_app.config["SESSION_TOKEN_COOKIE"] in request.cookies
    # same-origin, not no-referrer, for people who are signed in: the check of form tokens compares
    # the Referer.
    policy = "same-origin" if signed_in else "strict-origin-when-cross-origin"
    wanted = {
        **_ALWAYS,
        "Referrer-Policy": policy,
        "Content-Security-Policy": _csp(current_app.config.get("STRIPE_API_BASE", ""))
        + ("; upgrade-insecure-requests" if secure else ""),
        "Cache-Control": "no-store",
    }
    if secure:
        wanted["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    # Each answer passes here, so each name is looked up once and not compared with all others.
    given = {name.lower() for name, _value in response.headers}
    response.headers.extend(
        (name, value) for name, value in wanted.items() if name.lower() not in given
    )
    return response


@cache
def _csp(processor: str) -> str:
    """With where forms may lead: to the card processor, and to the one that stands in for it."""
    return _CSP.format(processor=f" {processor}" if processor else "")


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(add_headers)
