"""Nothing is sent to another machine as plain text unless whoever runs the platform says so."""

from __future__ import annotations

import pytest

from store.secret_files import SettingsInvalid
from store.settings import Settings
from store.transport import stays_here

MAIL = {"MENDBOX_MAIL_FROM": "no-reply@example.org", "MENDBOX_PUBLIC_URL": "https://mendbox.example"}
CERTIFICATE = {"MENDBOX_TLS_CERTIFICATE": "/c.pem", "MENDBOX_TLS_KEY": "/k.pem"}


@pytest.mark.parametrize(
    ("host", "here"),
    [
        *((host, True) for host in ("127.0.0.1", "127.9.9.9", "localhost", "::1", "/run/postgresql", "", None)),
        *((host, False) for host in ("0.0.0.0", "::", "10.0.0.1", "db.internal", "localhost.example.org", "fe80::1")),
    ],
)
def test_which_addresses_are_of_this_machine(host: str | None, here: bool) -> None:
    assert stays_here(host) is here


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MENDBOX_HOST", "0.0.0.0"),
        ("MENDBOX_HOST", "::"),
        ("MENDBOX_DATABASE_URL", "postgresql://u:hush@db.internal/d"),
        ("MENDBOX_DATABASE_URL", "postgresql+psycopg://u:hush@10.0.0.5/d?sslmode=require"),
        ("MENDBOX_DATABASE_URL", "postgresql://u:hush@/d?host=db.internal"),
        ("MENDBOX_DATABASE_URL", "postgresql://u:hush@localhost/d?host=localhost,db.internal"),
        ("MENDBOX_DATABASE_URL", "postgresql://u:hush@db.internal/d?sslmode=verify-full&sslmode=disable"),
        ("MENDBOX_REDIS_URL", "redis://:hush@queue.internal:6379/0"),
        ("MENDBOX_REDIS_URL", "rediss://:hush@queue.internal/0?ssl_cert_reqs=none"),
        ("MENDBOX_REDIS_URL", "rediss://:hush@queue.internal/0?ssl_check_hostname=false"),
        ("MENDBOX_SMTP_URL", "smtp://u:hush@mail.internal?tls=none"),
        ("MENDBOX_SMTP_URL", "smtp://10.0.0.5:25?tls=none"),
    ],
)
def test_what_would_be_sent_as_plain_text_is_refused_unless_it_is_meant_so(variable: str, value: str) -> None:
    more = MAIL if variable == "MENDBOX_SMTP_URL" else {}
    with pytest.raises(SettingsInvalid) as caught:
        Settings.from_env({variable: value, **more})
    assert variable in caught.value.message
    assert "hush" not in caught.value.message
    assert "MENDBOX_ALLOW_PLAINTEXT=true" in str(caught.value.hint)
    assert Settings.from_env({variable: value, **more, "MENDBOX_ALLOW_PLAINTEXT": "true"})
    with pytest.raises(SettingsInvalid):
        Settings.from_env({variable: value, **more, "MENDBOX_ALLOW_PLAINTEXT": "false"})


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"MENDBOX_HOST": "0.0.0.0", **CERTIFICATE},
        {"MENDBOX_DATABASE_URL": "postgresql://u:p@db.internal/d?sslmode=verify-full&sslrootcert=system"},
        {"MENDBOX_DATABASE_URL": "postgresql://u:p@127.0.0.1/d"},
        {"MENDBOX_DATABASE_URL": "postgresql://u@/d?host=/run/postgresql"},
        {"MENDBOX_DATABASE_URL": "sqlite:////srv/mendbox.db"},
        {"MENDBOX_REDIS_URL": "rediss://:p@queue.internal/0"},
        {"MENDBOX_REDIS_URL": "redis://localhost:6379"},
        {"MENDBOX_SMTP_URL": "smtp://u:p@mail.internal", **MAIL},
        {"MENDBOX_SMTP_URL": "smtps://u:p@mail.internal", **MAIL},
        {"MENDBOX_SMTP_URL": "smtp://localhost:25?tls=none", **MAIL},
        {"MENDBOX_REDIS_URL": "unix:///run/redis.sock"},
    ],
)
def test_what_stays_here_or_is_encrypted_is_taken(environ: dict[str, str]) -> None:
    assert Settings.from_env(environ)


def test_a_certificate_needs_its_key() -> None:
    for alone in CERTIFICATE.items():
        with pytest.raises(SettingsInvalid, match="need each other"):
            Settings.from_env(dict([alone]))
    settings = Settings.from_env(CERTIFICATE)
    assert settings.is_https
    assert settings.own_url == "https://127.0.0.1:8080"
