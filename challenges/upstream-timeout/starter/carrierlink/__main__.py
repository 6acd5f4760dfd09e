"""A pretended carrier on port 5055, good or bad, for trying things out."""

from __future__ import annotations

import argparse
import itertools
import json
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

MOODS = {
    "well": "answers as documented",
    "hanging": "takes calls and does not answer",
    "lost": "does what it is asked, and every other answer gets lost",
    "failing": "answers 500",
    "busy": "answers 503 with a Retry-After of 20",
}

labels = {}
keys = {}
numbers = itertools.count(int(time.time()))  # so none comes again when the carrier is started anew
calls = itertools.count(1)


def sell(wanted, key):
    if key and key in keys:
        return 201, keys[key]
    if wanted["grams"] > 31_500:
        return 422, {"reason": "too heavy"}
    price = 690 if wanted["service"] == "standard" else 1490
    sold = {"label": f"ML{next(numbers)}", "service": wanted["service"], "price_cents": price}
    labels[sold["label"]] = "announced"
    if key:
        keys[key] = sold
    return 201, sold


def look(label):
    return (200, {"label": label, "state": labels[label]}) if label in labels else (404, {})


class Carrier(BaseHTTPRequestHandler):
    mood = "well"

    def _answer(self):
        if self.mood == "hanging":
            time.sleep(86_400)
        if self.mood in ("failing", "busy"):
            self._say(503 if self.mood == "busy" else 500, {"trace": "carrier.core line 1204"})
            return
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        address = urlsplit(self.path)
        label = address.path.rpartition("/")[2]
        if self.command == "POST":
            status, said = sell(body, self.headers.get("Idempotency-Key"))
        elif address.path == "/rates":
            status, said = 200, {"rates": [{"service": "standard", "price_cents": 690, "days": 3}]}
            if int(parse_qs(address.query)["grams"][0]) <= 31_500:
                said["rates"].append({"service": "express", "price_cents": 1490, "days": 1})
        else:
            if self.command == "DELETE" and label in labels:
                labels[label] = "cancelled"
            status, said = look(label)
        if self.mood == "lost" and next(calls) % 2:
            self.close_connection = True
            return
        self._say(status, said)

    def _say(self, status, said):
        content = json.dumps(said).encode()
        self.send_response(status)
        if self.mood == "busy":
            self.send_header("Retry-After", "20")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815


def main():
    parser = argparse.ArgumentParser(
        prog="python -m carrierlink",
        description=__doc__,
        epilog="Moods: " + "; ".join(f"{name}: {what}" for name, what in MOODS.items()) + ".",
    )
    parser.add_argument("--mood", choices=MOODS, default="well")
    parser.add_argument("--port", type=int, default=5055)
    chosen = parser.parse_args()
    Carrier.mood = chosen.mood
    print(f"A carrier, {chosen.mood}, on http://127.0.0.1:{chosen.port}; Ctrl-C ends it.", flush=True)
    try:
        HTTPServer(("127.0.0.1", chosen.port), Carrier).serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
