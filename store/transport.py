"""What would cross a network as plain text: the API without TLS; a database, a queue, a mail server or a target of
webhooks elsewhere.

Whoever runs the platform may say that this is so on purpose, as where a proxy in front speaks TLS, or where the network
is inside one host.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import parse_qs, urlsplit

from store.mail import Tls, mail_server


def stays_here(host: str | None) -> bool:
    """Whether nothing that is sent to this address leaves the machine. A path, as of a socket's folder, is here."""
    if not host or host == "localhost" or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def plaintext_of(
    *,
    host: str,
    has_certificate: bool,
    database_url: str,
    redis_url: str,
    smtp_url: str = "",
    webhook_url: str = "",
) -> list[str]:
    """What would be sent as plain text to other machines, as variable and reason; empty when nothing would be."""
    found = []
    if not has_certificate and not stays_here(host):
        found.append(f"MENDBOX_HOST={host}: the API would speak plain HTTP to other machines")
    if not _database_is_safe(database_url):
        found.append("MENDBOX_DATABASE_URL: another machine's database without sslmode=verify-full")
    if not _redis_is_safe(redis_url):
        found.append("MENDBOX_REDIS_URL: another machine's queue server without rediss://, or with its check off")
    if not _mail_is_safe(smtp_url):
        found.append("MENDBOX_SMTP_URL: another machine's mail server with tls=none")
    if not _webhook_is_safe(webhook_url):
        found.append("MENDBOX_WEBHOOK_URL: another machine's address without https://")
    return found


def _database_is_safe(url: str) -> bool:
    if not url.startswith("postgres"):
        return True
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    hosts = [parts.hostname, *(host for value in query.get("host", ()) for host in value.split(","))]
    return all(map(stays_here, hosts)) or query.get("sslmode") == ["verify-full"]


def _redis_is_safe(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "unix" or stays_here(parts.hostname):
        return True
    query = parse_qs(parts.query)
    checked = query.get("ssl_cert_reqs", ["required"]) == ["required"]
    return parts.scheme == "rediss" and checked and query.get("ssl_check_hostname", ["true"])[-1].lower() == "true"


def _mail_is_safe(url: str) -> bool:
    if not url:
        return True
    server = mail_server(url)
    return server.tls is not Tls.NONE or stays_here(server.host)


def _webhook_is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return not url or parts.scheme == "https" or stays_here(parts.hostname)
