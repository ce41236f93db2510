"""A page in headless Chromium: what its console says, what it asks of the network, and how it looks.

The page is served by a server of this process, other hosts are not found. The browser's own record of the network
tells what the page asked for, apart from what the browser does by itself.
"""

from __future__ import annotations

import http.server
import json
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_CONSOLE = re.compile(r":CONSOLE[:(]\d+\)?\] (.*)")
_PATIENCE = 120  # seconds, on a machine that builds at the same time


@dataclass(frozen=True)
class Visit:
    """What a browser made of a page: the document after loading, lines of the console, addresses that the page asked
    for, and those of them that were not found.
    """

    document: str
    console: tuple[str, ...]
    requests: tuple[str, ...]
    failed: tuple[str, ...]


def _run(arguments: list[str], profile: Path) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM is not None
    return subprocess.run(
        [
            CHROMIUM,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--no-first-run",
            "--enable-logging=stderr",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={profile}",
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=_PATIENCE,
    )


def _asked(log: Path, origin: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Addresses that a page of this origin asked for; and those that failed."""
    record = json.loads(log.read_text(encoding="utf-8"))
    asked: dict[int, str] = {}
    failed: list[str] = []
    for event in record["events"]:
        number, told = event["source"]["id"], event.get("params", {})
        if told.get("initiator") == origin:
            asked[number] = told["url"]
        is_refused = any(re.match(r"HTTP/\S+ [45]", line) for line in told.get("headers", ()))
        if number in asked and asked[number] not in failed and (told.get("net_error", 0) < 0 or is_refused):
            failed.append(asked[number])
    return tuple(dict.fromkeys(asked.values())), tuple(failed)


def visit(page: Path, folder: Path) -> Visit:
    """Opens a page and waits until it has loaded; ``folder`` is for the browser."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(page.parent))  # type: ignore[arg-type]

    log = folder / "network.json"
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_port}"
        done = _run(["--dump-dom", f"--log-net-log={log}", f"{origin}/{page.name}"], folder / "profile")
        server.shutdown()
    console = tuple(found.group(1) for line in done.stderr.splitlines() if (found := _CONSOLE.search(line)))
    return Visit(done.stdout, console, *_asked(log, origin))


def screenshot(page: Path, picture: Path, profile: Path, *, width: int, height: int, scale: int = 1) -> None:
    """The upper part of a page as PNG."""
    size = [f"--window-size={width},{height}", f"--force-device-scale-factor={scale}"]
    _run([*size, f"--screenshot={picture}", page.resolve().as_uri()], profile)


def print_pdf(page: Path, target: Path, profile: Path) -> None:
    """The page as it is printed."""
    _run(["--no-pdf-header-footer", f"--print-to-pdf={target}", page.resolve().as_uri()], profile)
