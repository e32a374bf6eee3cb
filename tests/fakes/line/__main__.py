"""``python -m tests.fakes.line --port N``: the LINE of the demo, until it is interrupted."""

import argparse
import sys

from tests.fakes.line.server import FakeLine


def main():
    """Serve on the loopback."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.line", description=__doc__)
    parser.add_argument("--port", type=int, default=8002)
    parser.add_argument("--token", default="line_fake", help="the channel's token that it takes")
    parser.add_argument("--secret", default="line_secret_fake", help="with which it signs")
    parser.add_argument("--webhook", default="", help="where it tells what people do")
    options = parser.parse_args()
    fake = FakeLine(options.port, token=options.token, secret=options.secret)
    fake.webhook = options.webhook
    sys.stdout.write(f"LINE for practice: {fake.url}/control\n")
    sys.stdout.flush()
    try:
        fake.http.serve_forever()
    except KeyboardInterrupt:
        fake.http.server_close()


if __name__ == "__main__":
    main()
