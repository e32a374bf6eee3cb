"""``python -m tests.fakes.stripe --port N``: the processor of the demo, until it is interrupted."""

import argparse
import sys

from tests.fakes.stripe.server import FakeStripe


def main():
    """Serve on the loopback."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.stripe", description=__doc__)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--key", default="sk_test_fake", help="the secret key that it takes")
    parser.add_argument("--webhook", default="", help="where it sends events")
    parser.add_argument("--secret", default="whsec_fake", help="with which it signs them")
    options = parser.parse_args()
    fake = FakeStripe(options.port, key=options.key)
    fake.deliveries.url, fake.deliveries.secret = options.webhook, options.secret
    sys.stdout.write(f"card processor for practice: {fake.url}/control\n")
    sys.stdout.flush()
    try:
        fake.http.serve_forever()
    except KeyboardInterrupt:
        fake.http.server_close()


if __name__ == "__main__":
    main()
