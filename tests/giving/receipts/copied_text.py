"""The text of a PDF as one copies it, by a program that is not ours."""

import shutil
import subprocess

import pytest

needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None,
    reason="pdftotext is not installed (apt-get install poppler-utils)",
)


def copied_text(pdf: bytes, tmp_path) -> str:
    """All of it, without spaces."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    return "".join(run.stdout.decode().split())
