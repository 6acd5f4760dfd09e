"""The laboratories and the scanner. These here make up what they say; `create_app` may be given others."""

import zlib
from typing import Any


class DemoLab:
    """A laboratory that has analysed samples of cores."""

    def __init__(self, name: str) -> None:
        self.name = name

    def assays(self, hole: str, *, request_id: str, company: str) -> list[dict[str, Any]]:
        """What was found in a hole, on behalf of a company: `element`, `ppm` and `depth_mm`.

        The laboratory asks to be told the request's id, so that both sides can find a question in their logs.
        """
        number = zlib.crc32(f"{self.name} {hole}".encode())
        return [{"element": "Cu", "ppm": number % 9000, "depth_mm": 1000 + number % 50_000}]


class DemoScanner:
    """The camera above the light tables."""

    def scan(self, hole: str, top_mm: int, bottom_mm: int, *, table: int, request_id: str) -> str:
        """The picture's reference. Raises OSError when the camera fails."""
        return f"{hole}-{top_mm}-{bottom_mm}"
