"""An authority for tests and what it signs: made by openssl, trusted by nobody else, good for two days."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key (PEM)."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates, all in one folder. `own`: its own certificate, which whoever trusts it is given."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self._folder = folder
        self.own = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
        _openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"),
            *("-out", self.own.certificate, "-keyout", self.own.key),
        )

    def sign(self, name: str, addresses: str = "") -> Certificate:
        """A certificate with the common name `name`. `addresses`: of a server, as subjectAltName has them."""
        made = Certificate(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        request, extensions = self._folder / f"{name}.csr", self._folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={addresses}\n" if addresses else "extendedKeyUsage=clientAuth\n")
        _openssl(
            *("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-out", request, "-keyout", made.key)
        )
        _openssl(
            *("x509", "-req", "-in", request, "-days", "2", "-CAcreateserial", "-extfile", extensions),
            *("-CA", self.own.certificate, "-CAkey", self.own.key, "-out", made.certificate),
        )
        made.key.chmod(0o600)
        return made


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
