"""A passkey without a browser: makes a key of its own, and answers as WebAuthn describes."""

import hashlib
import json
import re
from html import unescape

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

#: What test clients open.
ORIGIN = "http://localhost"
_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


def options_on(page):
    """What a page asks the browser for."""
    return json.loads(unescape(re.search(r'data-options="([^"]*)"', page.text).group(1)))


class SoftPasskey:
    """One key; `count` is how often it was used, as it says."""

    def __init__(self, credential=b"a passkey of the tests"):
        self.credential, self.count = credential, 0
        self.key = ec.generate_private_key(ec.SECP256R1())

    def create(self, options, origin=ORIGIN):
        """The answer to the page on which it is made."""
        number = self.key.public_key().public_numbers()
        point = {1: 2, 3: -7, -1: 1, -2: number.x.to_bytes(32, "big"),
                 -3: number.y.to_bytes(32, "big")}  # fmt: skip
        made = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential
        data = self._data(options["rp"]["id"], _WITH_KEY) + made + cbor2.dumps(point)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options, origin)
        return self._answer(clientDataJSON=client, attestationObject=attested)

    def get(self, options, origin=ORIGIN):
        """The answer to a page that asks for it; each counts."""
        self.count += 1
        data = self._data(options["rpId"])
        client = self._client("webauthn.get", options, origin)
        signed = data + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, domain, more=0):
        flags = bytes([_PRESENT | _VERIFIED | more])
        return hashlib.sha256(domain.encode()).digest() + flags + self.count.to_bytes(4, "big")

    @staticmethod
    def _client(kind, options, origin):
        # The challenge is handed back as it came.
        assert base64url_to_bytes(options["challenge"])
        fields = {"type": kind, "challenge": options["challenge"], "origin": origin}
        return json.dumps(fields).encode()

    def _answer(self, **parts):
        name = bytes_to_base64url(self.credential)
        response = {field: bytes_to_base64url(part) for field, part in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
