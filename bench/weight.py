"""What a browser fetches to show the public home page for the first time."""

import re
import zlib
from urllib.parse import urljoin

import brotli

from bench import load
from bench.figures import Figures
from bench.serving import Server

MOST_BYTES, MOST_REQUESTS = 90.0, 10
_LINK = re.compile(r"<link\b[^>]*>")
_SOURCE = re.compile(r'<(?:script|img)\b[^>]*\bsrc="([^"#]+)')
_USE = re.compile(r'<use\b[^>]*\bhref="([^"#]+)')
_FACE = re.compile(r"@font-face\s*{[^}]*}")
_URL = re.compile(r'url\(\s*["\']?([^"\')]+)')
_RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", re.IGNORECASE)
_FETCHED = re.compile(r'\brel="(?:stylesheet|icon|preload|modulepreload)"')


def measure(title: str, server: Server, figures: Figures) -> None:
    """Print the bytes on the wire, heads and all, and the number of requests.

    Fonts count where the page has a letter of theirs, in every weight that the styles name: it may
    be a file more than a browser fetches.
    """
    answers = first_view(server)
    total = sum(len(answer) for answer in answers.values()) / 1000
    figures.at_most(f"{title}: home, first view", total, MOST_BYTES, "kB")
    figures.at_most(f"{title}: home, requests", len(answers), MOST_REQUESTS, "requests")


def first_view(server: Server) -> dict[str, bytes]:
    """The answers by address."""
    connection = load.Connection(server.port)
    page = _fetch(connection, "/")
    answers = {"/": page}
    text = _body(page)
    waiting = [
        re.search(r'href="([^"]+)"', link)[1]
        for link in _LINK.findall(text)
        if _FETCHED.search(link)
    ]
    waiting += [*_SOURCE.findall(text), *_USE.findall(text)]
    for path in dict.fromkeys(waiting):
        answers[path] = _fetch(connection, path)
        if ".css" in path:
            for found in _of_styles(_body(answers[path]), text):
                path_of_file = urljoin(path, found)
                answers[path_of_file] = _fetch(connection, path_of_file)
    connection.close()
    return answers


def _of_styles(styles: str, text: str) -> list[str]:
    """The fonts that ``text`` needs, and pictures; not what is in the styles themselves."""
    faces = _FACE.findall(styles)
    needed = [face for face in faces if _has_letter_of(face, text)]
    urls = [_URL.search(face)[1] for face in needed] + _URL.findall(_FACE.sub("", styles))
    return [url for url in urls if not url.startswith(("data:", "#"))]


def _has_letter_of(face: str, text: str) -> bool:
    ranges = [(int(low, 16), int(high or low, 16)) for low, high in _RANGE.findall(face)]
    return not ranges or any(low <= ord(letter) <= high for letter in text for low, high in ranges)


def _fetch(connection: load.Connection, path: str) -> bytes:
    status, answer = connection.send(load.get(path, "Accept-Language: th\r\n"))
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return answer


def _body(answer: bytes) -> str:
    """The text of an answer, unpacked."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"content-encoding: br" in head.lower():
        body = brotli.decompress(body)
    elif b"content-encoding: gzip" in head.lower():
        body = zlib.decompress(body, zlib.MAX_WBITS | 16)
    return body.decode()
