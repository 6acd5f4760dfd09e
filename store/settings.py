"""All configuration, read once by an entry point: `Settings.from_env(os.environ)`.

Each `MENDBOX_*` variable sets one field; the variable's name, unit, default and reason stand beside it. Nothing else
in the project reads the environment. What is secret may be in a file, which `MENDBOX_*_FILE` names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from runner.limits import Limits
from store.mail import mail_server, sender
from store.oidc import GIVEN, FactorAt, OpenIdProvider, domains_of, hosts_of, issuer_of, lacking, roles_of
from store.passwords import PasswordRules
from store.secret_files import SettingsInvalid, in_files
from store.transport import plaintext_of, stays_here
from store.webhook_rules import check_url, key_of

#: In any case: `debug` is as good as `DEBUG`.
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(lambda text: str(text).upper())]


#: What has a form of its own, by who reads it, each of which raises ValueError for what is in another.
_READERS: Mapping[str, Callable[[str], object]] = {
    "smtp_url": mail_server,
    "mail_from": sender,
    "webhook_url": check_url,
    "webhook_secret": key_of,
    "webhook_secret_before": key_of,
    "oidc_domains": domains_of,
    "oidc_hosts": hosts_of,
    "oidc_roles": roles_of,
}


class Settings(BaseModel):
    """Everything that may differ between two installations. Paths are absolute once read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(Path(".mendbox"), description="where one machine keeps its database, queue file and sockets")
    challenges: Path = Field(Path("challenges"), description="folder of challenge packages")
    assessments: Path = Field(Path("assessments"), description="folder of assessments, TOML files")
    certified_only: bool = Field(False, description="the API offers no challenge without a certificate")
    stale_certificates: bool = Field(
        False, description="the API offers challenges that were changed since they got their certificate, too"
    )
    database_url: str = Field("", repr=False, description="SQLAlchemy URL; empty: SQLite at <home>/mendbox.db")
    redis_url: str = Field(
        "", repr=False, description="Redis or Valkey; empty: a server of our own on a Unix socket in <home>"
    )
    queue_prefix: str = Field("mendbox", pattern=r"^[A-Za-z0-9_-]+$", description="of queue names, for a shared Redis")

    docker_timeout_s: float = Field(30.0, gt=0, description="one call to the engine; a wedged one answers never")
    runtime: str = Field("", description="container runtime (runc, runsc, …); empty: the engine's default")
    image: str = Field("", description="sandbox image; empty: built from this checkout, tagged by content")
    sandbox_postgres_image: str = Field(
        "", description="image of challenges' own PostgreSQL; empty: built like the sandbox image, unless that is given"
    )
    sandbox_redis_image: str = Field("", description="image of challenges' own Redis; empty: as that of PostgreSQL")
    slots: int = Field(0, ge=0, le=64, description="gradings at a time on this host; 0: one for each core")
    warm_pairs: int = Field(2, ge=0, le=16, description="idle pairs that each slot keeps ready")
    warm_max_age_s: float = Field(900.0, gt=0, description="an idle pair older than this is replaced")

    host: str = Field("127.0.0.1", description="address that the API listens on")
    port: int = Field(8080, ge=0, le=65535, description="port that the API listens on; 0: any free one")
    public_url: str = Field("", description="how clients reach the API; empty: http://<host>:<port>")
    api_threads: int = Field(32, ge=4, le=512, description="requests at a time; open event streams count")
    event_streams: int = Field(16, ge=1, le=500, description="open event streams at most; fewer than api_threads")
    tls_certificate: str = Field(
        "", description="file with the API's certificate and its chain (PEM); with it, the API speaks TLS alone"
    )
    tls_key: str = Field("", description="file with the certificate's key (PEM)")
    hsts_subdomains: bool = Field(
        True, description="with TLS: browsers are told to keep to it for all hosts below the API's own, too"
    )
    allow_plaintext: bool = Field(
        False,
        description="the API may be reached from other hosts without TLS, and the database, the queue server, the "
        "mail server and the target of webhooks on other hosts",
    )
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="proxies in front of the API whose X-Forwarded-For and -Proto are believed"
    )

    smtp_url: str = Field(
        "",
        repr=False,
        description="mail server, smtps://user:password@host:port, or smtp://… with STARTTLS; empty: no mail is sent",
    )
    mail_from: str = Field("", description="whom mail is from, as Mendbox <no-reply@example.org>")

    webhook_url: str = Field(
        "", repr=False, description="where others are told what happens, https://host/path; empty: nobody is told"
    )
    webhook_secret: str = Field(
        "", repr=False, description="signs what they are told: whsec_ and the base64 of 24 to 64 random bytes"
    )
    webhook_secret_before: str = Field(
        "", repr=False, description="the secret before this one: signs as well, until they have the new one"
    )

    oidc_issuer: str = Field(
        "", description="OpenID provider by which people may sign in, by its issuer, https://…; empty: none"
    )
    oidc_client_id: str = Field("", pattern=r"^[\x21-\x7e]*$", description="what the provider knows the platform by")
    oidc_client_secret: str = Field(
        "",
        repr=False,
        pattern=r"^[\x21-\x7e]*$",
        description="what it shows for that; empty: a public client, bound by PKCE alone",
    )
    oidc_label: str = Field(
        "your organisation", max_length=60, description="what people know the provider by: Sign in with …"
    )
    oidc_domains: str = Field(
        "", description="domains of mail addresses that are let in, with commas between them; empty: any"
    )
    oidc_hosts: str = Field(
        "", description="hosts of the provider's beside the issuer's, as Google has; the API connects to no others"
    )
    oidc_ca: str = Field(
        "", description="file with the certificates that vouch for the provider (PEM); empty: the public ones"
    )
    oidc_create: Literal["no", "recruiter", "engineer"] = Field(
        "no", description="role of the account that is made for whoever comes without one; needs domains"
    )
    oidc_role_claim: str = Field(
        "", description="claim with a user's roles or groups, as realm_access.roles; the role follows it each time"
    )
    oidc_roles: str = Field("", description="roles by the claim's values: word=admin,other=recruiter; the first counts")
    oidc_second_factor: FactorAt = Field(
        "here", description="where a second factor is asked for; amr: here, unless the provider says mfa"
    )
    oidc_only: bool = Field(
        False, description="passwords open nothing, but for admins who are not linked to the provider"
    )

    requests_per_minute: int = Field(1200, ge=0, le=100_000, description="of one token or session; 0: no limit")
    anonymous_per_minute: int = Field(
        120, ge=0, le=100_000, description="requests without a valid token from one address; 0: no limit"
    )
    submissions_per_hour: int = Field(
        12, ge=0, le=10_000, description="of one candidate to one challenge, as each tells something; 0: no limit"
    )
    submissions_per_day: int = Field(
        40, ge=0, le=10_000, description="of one candidate to one challenge within 24 hours; 0: no limit"
    )
    visible_runs_per_hour: int = Field(
        120, ge=0, le=10_000, description="runs of the visible tests that one candidate may begin; 0: no limit"
    )
    sign_ins_per_account: int = Field(
        10, ge=0, le=10_000, description="attempts to sign in to one account within 15 minutes; 0: no limit"
    )
    sign_ins_per_address: int = Field(
        30, ge=0, le=10_000, description="attempts to sign in from one address within 15 minutes; 0: no limit"
    )
    retention_days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="so long after their link ended all that is kept of a candidate is deleted; 0: never by itself",
    )
    session_idle_minutes: int = Field(30, ge=1, le=1440, description="a session not used this long is over")
    session_hours: int = Field(12, ge=1, le=720, description="a session is over this long after signing in")
    sessions_per_user: int = Field(
        10, ge=1, le=100, description="of one user at a time; with more, the one that was not used for longest ends"
    )
    second_factor: Literal["required", "optional"] = Field(
        "required", description="whether who signs in with a password must have a second factor before anything else"
    )
    password_words: str = Field(
        "",
        description="words that no password may hold, as the organisation's name; with commas between them",
    )
    breached_passwords: str = Field(
        "", description="file of passwords that are refused, one a line, sorted by bytes (LC_ALL=C sort)"
    )
    secret_key: str = Field(
        "",
        repr=False,
        description="signs what pages send back and encrypts second factors, 32 characters or more; empty: made once, "
        "kept in <home>/secret.key",
    )
    secret_key_before: str = Field(
        "",
        repr=False,
        description="the key before this one: second factors are encrypted anew when their users sign in",
    )

    lease_s: float = Field(
        10.0, gt=1, description="a running grading whose worker is silent this long is given to another"
    )
    tries: int = Field(3, ge=1, le=10, description="runs of a grading before a platform fault ends it")
    challenge_wait_s: float = Field(
        600.0,
        ge=0,
        description="a grading whose challenge can't be used becomes an error this long after a worker first found so",
    )
    reconcile_s: float = Field(5.0, gt=0, description="how often rows that the queue lost are looked for")
    log_level: LogLevel = Field("INFO", description="least serious lines that are logged")

    @field_validator("redis_url")
    @classmethod
    def _names_a_queue_server(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("it begins with redis://, rediss:// or unix://")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        is_one = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
        if value and not (is_one and parts.path in ("", "/")):
            raise ValueError("it is like https://mendbox.example.org, with a port where there is one, and no path")
        return value

    @field_validator("password_words")
    @classmethod
    def _are_words(cls, value: str) -> str:
        if value and not all(re.fullmatch(r"[^\s,]{4,}", word) for word in value.split(",")):
            raise ValueError("it is words of 4 characters or more, with commas and no spaces between them")
        return value

    @field_validator("secret_key", "secret_key_before")
    @classmethod
    def _is_long_enough(cls, value: str) -> str:
        if value and not re.fullmatch(r"\S{32,}", value):
            raise ValueError("it has 32 characters or more, and no spaces")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _names_an_issuer(cls, value: str) -> str:
        return issuer_of(value) if value else value

    @field_validator(*_READERS)
    @classmethod
    def _can_be_read(cls, value: str, info: ValidationInfo) -> str:
        if value:
            _READERS[str(info.field_name)](value)
        return value

    @property
    def oidc(self) -> OpenIdProvider | None:
        """The provider by which people may sign in; None where there is none."""
        if not self.oidc_issuer:
            return None
        return OpenIdProvider(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            client_secret=self.oidc_client_secret,
            label=self.oidc_label,
            domains=domains_of(self.oidc_domains),
            hosts=hosts_of(self.oidc_hosts),
            role_claim=self.oidc_role_claim,
            roles=roles_of(self.oidc_roles),
            default=GIVEN.get(self.oidc_create),
            factor_at=self.oidc_second_factor,
            ca=self.oidc_ca,
        )

    @property
    def effective_database_url(self) -> str:
        """The database URL with its default filled in."""
        return self.database_url or f"sqlite:///{self.home / 'mendbox.db'}"

    @property
    def session_idle(self) -> timedelta:
        """How long a session may be idle."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def password_rules(self) -> PasswordRules:
        """What no password may be or hold here."""
        words = self.password_words.casefold()
        return PasswordRules(
            tuple(words.split(",")) if words else (),
            Path(self.breached_passwords) if self.breached_passwords else None,
        )

    @property
    def is_https(self) -> bool:
        """Whether clients reach the API by TLS."""
        return self.public_url.lower().startswith("https://") or bool(self.tls_certificate)

    @property
    def own_url(self) -> str:
        """Where the API listens."""
        return f"{'https' if self.tls_certificate else 'http'}://{self.host}:{self.port}"

    def _plaintext(self) -> list[str]:
        return plaintext_of(
            host=self.host,
            has_certificate=bool(self.tls_certificate),
            database_url=self.database_url,
            redis_url=self.redis_url,
            smtp_url=self.smtp_url,
            webhook_url=self.webhook_url,
        )

    def _check_mail(self) -> None:
        """Raises SettingsInvalid. Links in mail are of an address that was set: the one that a request names may be
        anybody's."""
        if bool(self.smtp_url) is not bool(self.mail_from):
            raise SettingsInvalid(
                "MENDBOX_SMTP_URL and MENDBOX_MAIL_FROM need each other", hint="set both, or unset both"
            )
        if self.smtp_url and not self._has_public_url():
            raise SettingsInvalid(
                "MENDBOX_SMTP_URL needs MENDBOX_PUBLIC_URL: links in mail lead there",
                hint="set it to the address that people open, https://…",
            )

    def _has_public_url(self) -> bool:
        parts = urlsplit(self.public_url)
        everywhere = ("0.0.0.0", "::")  # noqa: S104 -- what it is compared with
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.hostname not in everywhere

    def _check_oidc(self) -> None:
        """Raises SettingsInvalid."""
        if bool(self.oidc_issuer) is not bool(self.oidc_client_id) or (self.oidc_only and not self.oidc_issuer):
            raise SettingsInvalid(
                "MENDBOX_OIDC_ISSUER and MENDBOX_OIDC_CLIENT_ID need each other, and MENDBOX_OIDC_ONLY needs both",
                hint="set all of them, or none",
            )
        is_fit = self._has_public_url() and (self.is_https or stays_here(urlsplit(self.public_url).hostname))
        wrong = None if self.oidc is None else lacking(self.oidc, has_public_url=is_fit)
        if wrong is not None:
            raise SettingsInvalid(wrong[0], hint=wrong[1])

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read `MENDBOX_*`. Raises SettingsInvalid naming the variable, what is wrong, and what it may be.

        What would send anything as plain text to another machine is wrong unless `allow_plaintext` says otherwise.
        """
        values = {
            name: environ[variable]
            for name in cls.model_fields
            if (variable := f"MENDBOX_{name.upper()}") in environ and environ[variable] != ""
        }
        values |= in_files(environ, values, SECRETS)
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            lines = [
                f"MENDBOX_{name.upper()}={shown}: {detail['msg']}"
                for detail in error.errors()
                for name in [str(detail["loc"][0])]
                for shown in [repr(values[name]) if cls.model_fields[name].repr else "…"]
            ]
            raise SettingsInvalid("\n".join(lines), hint="set these variables right, or unset them") from None
        if bool(settings.tls_certificate) is not bool(settings.tls_key):
            raise SettingsInvalid(
                "MENDBOX_TLS_CERTIFICATE and MENDBOX_TLS_KEY need each other", hint="set both, or unset both"
            )
        settings._check_mail()
        settings._check_oidc()
        plain = [] if settings.allow_plaintext else settings._plaintext()
        if plain:
            raise SettingsInvalid(
                "\n".join(plain),
                hint="use TLS (docs/operations.md), or say that it is meant so: MENDBOX_ALLOW_PLAINTEXT=true",
            )
        here = Path.cwd()
        folders = {name: here / getattr(settings, name) for name in ("home", "challenges", "assessments")}
        return settings.model_copy(update=folders)


#: What is never shown, and may be in a file: managers of secrets put them there.
SECRETS = tuple(name for name, field in Settings.model_fields.items() if not field.repr)


#: Defaults of a grading's limits; a challenge's manifest may set its own.
DEFAULT_LIMITS = Limits()
