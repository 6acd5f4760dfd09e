"""What a browser makes of a Content-Security-Policy (CSP level 3, as far as pages here go)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from pages import Element, Page

#: Where a browser looks for what a directive leaves open.
_ELSE = {
    "script-src-elem": "script-src",
    "script-src-attr": "script-src",
    "style-src-elem": "style-src",
    "style-src-attr": "style-src",
    "worker-src": "child-src",
    "frame-src": "child-src",
    "child-src": "default-src",
    **dict.fromkeys(
        (
            "script-src",
            "style-src",
            "img-src",
            "font-src",
            "connect-src",
            "media-src",
            "object-src",
            "manifest-src",
        ),
        "default-src",
    ),
}
#: All that a page can load, by directive.
LOADS = (
    "script-src-elem",
    "style-src-elem",
    "img-src",
    "font-src",
    "connect-src",
    "media-src",
    "object-src",
    "manifest-src",
    "frame-src",
    "worker-src",
)
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_SAFER = {"http": {"http", "https"}, "ws": {"ws", "wss", "http", "https"}, "wss": {"wss", "https"}}
_SCRIPTS = {"", "module", "text/javascript", "application/javascript", "text/ecmascript", "application/ecmascript"}


@dataclass(frozen=True)
class Policy:
    """One policy: the sources of each directive. `origin` is the site that sent it, like `http://www.example`."""

    directives: dict[str, tuple[str, ...]]
    origin: str

    def sources(self, directive: str) -> tuple[str, ...] | None:
        """None where the policy has no word on it."""
        name: str | None = directive
        if directive == "worker-src" and not {"worker-src", "child-src"} & set(self.directives):
            name = "script-src"
        while name is not None:
            if name in self.directives:
                return self.directives[name]
            name = _ELSE.get(name)
        return None

    def allows(self, directive: str, url: str) -> bool:
        sources = self.sources(directive)
        if sources and directive == "script-src-elem" and "'strict-dynamic'" in map(str.lower, sources):
            return False  # addresses don't count then, only nonces and hashes
        return sources is None or any(_matches(source, url, self.origin) for source in sources)

    def runs(self, directive: str, code: str, nonce: str = "") -> bool:
        """Whether code that stands within a page is run."""
        sources = self.sources(directive)
        if sources is None:
            return True
        named = [each for each in sources if each.lower().startswith(("'nonce-", "'sha256-", "'sha384-", "'sha512-"))]
        if any(each in _hashes(code) for each in named):
            return directive.endswith("-elem") or "'unsafe-hashes'" in map(str.lower, sources)
        if nonce and f"'nonce-{nonce}'" in named:
            return True
        lower = [each.lower() for each in sources]
        return "'unsafe-inline'" in lower and not named and "'strict-dynamic'" not in lower

    @property
    def evaluates(self) -> bool:
        sources = self.sources("script-src")
        return sources is None or "'unsafe-eval'" in map(str.lower, sources)


@dataclass(frozen=True)
class Policies:
    """All of an answer: what one of them refuses is refused."""

    each: tuple[Policy, ...]

    @classmethod
    def of(cls, answer: object, origin: str) -> Policies:
        headers = answer.headers.getlist("Content-Security-Policy")  # type: ignore[attr-defined]
        assert len(headers) == 1, f"{len(headers)} headers Content-Security-Policy"
        return cls(tuple(_parsed(text, origin.rstrip("/")) for text in headers[0].split(",")))

    def allows(self, directive: str, url: str) -> bool:
        return all(each.allows(directive, url) for each in self.each)

    def runs(self, directive: str, code: str, nonce: str = "") -> bool:
        return all(each.runs(directive, code, nonce) for each in self.each)

    @property
    def evaluates(self) -> bool:
        return all(each.evaluates for each in self.each)

    @property
    def nonces(self) -> set[str]:
        """All nonces for scripts."""
        found: set[str] = set()
        for each in self.each:
            sources = (each.sources("script-src-elem") or ()) + (each.sources("script-src-attr") or ())
            found |= {source for source in sources if source.lower().startswith("'nonce-")}
        return found

    def refused(self, page: Page) -> list[str]:
        """What of a page a browser does not load or run, so that the page lacks it."""
        found = []
        for element in page.elements:
            found += [f"{name}={code}" for name, code in _handlers(element) if not self.runs("script-src-attr", code)]
            addresses = [element[name] for name in ("href", "action", "formaction", "src")]
            scripts = [each.strip() for each in addresses if each.strip().lower().startswith("javascript:")]
            found += [each for each in scripts if not self.runs("script-src-elem", each)]
            found += [shown for shown, allowed in self._loads(element, page) if not allowed]
        return found

    def _loads(self, element: Element, page: Page) -> list[tuple[str, bool]]:
        source = page.address(element["src"])
        if element.tag == "script" and element["type"].lower() in _SCRIPTS:
            nonce = element["nonce"]
            if "src" in element.attributes:
                by_nonce = bool(nonce) and self.runs("script-src-elem", "", nonce)
                return [(source, by_nonce or self.allows("script-src-elem", source))]
            return [(f"<script>{element.text}", self.runs("script-src-elem", element.text, nonce))]
        if element.tag == "link" and "stylesheet" in element["rel"].lower().split():
            sheet, nonce = page.address(element["href"]), element["nonce"]
            by_nonce = bool(nonce) and self.runs("style-src-elem", "", nonce)
            return [(sheet, by_nonce or self.allows("style-src-elem", sheet))]
        if element.tag == "img":
            return [(source, self.allows("img-src", source))]
        if element.tag == "iframe" and "src" in element.attributes:
            return [(source, self.allows("frame-src", source))]
        if element.tag == "form":
            action = page.address(element["action"] or page.url)
            return [(action, self.allows("form-action", action))]
        return []


def _handlers(element: Element) -> list[tuple[str, str]]:
    return [(name, value) for name, value in element.attributes.items() if name.startswith("on")]


def _parsed(text: str, origin: str) -> Policy:
    directives: dict[str, tuple[str, ...]] = {}
    for part in text.split(";"):
        name, *sources = part.split() or [""]
        if name:
            directives.setdefault(name.lower(), tuple(sources))
    return Policy(directives, origin)


def _hashes(code: str) -> set[str]:
    found = set()
    for name in ("sha256", "sha384", "sha512"):
        digest = base64.b64encode(hashlib.new(name, code.encode()).digest()).decode()
        found |= {f"'{name}-{digest}'", f"'{name}-{digest.replace('+', '-').replace('/', '_')}'"}
    return found


def _matches(source: str, url: str, origin: str) -> bool:
    """Whether a source of a directive is one of this address."""
    source, there = source.lower(), urlsplit(url)
    here = urlsplit(origin)
    if source == "'self'":
        return (there.scheme, there.netloc) == (here.scheme, here.netloc)
    if source.startswith("'"):
        return False
    if source == "*":
        return there.scheme in _PORTS
    if source.endswith(":") and "/" not in source:
        return there.scheme == source[:-1] or there.scheme in _SAFER.get(source[:-1], ())
    scheme, mark, rest = source.rpartition("://")
    wanted = scheme if mark else here.scheme
    if there.scheme != wanted and there.scheme not in _SAFER.get(wanted, ()):
        return False
    host, slash, path = rest.partition("/")
    host, _, port = host.partition(":")
    name = there.hostname or ""
    if not (name == host or (host.startswith("*.") and name.endswith(host[1:])) or host == "*"):
        return False
    if port not in ("", "*", str(there.port or _PORTS.get(there.scheme, 0))):
        return False
    if not port and there.port not in (None, _PORTS.get(there.scheme)):
        return False
    beginning = slash + path
    if beginning in ("", "/"):
        return True
    return there.path.startswith(beginning) if beginning.endswith("/") else there.path == beginning
