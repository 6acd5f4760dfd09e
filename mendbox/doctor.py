"""What this machine has of what Mendbox needs, what is missing, and the one command that mends it.

Each check looks and changes nothing: no image is built, no server started, nothing installed; the container that looks
at the sandbox's walls from inside is gone afterwards. A check that is not `required` may fail and everything still
works; its `mend` says what it would add.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import redis
import sqlalchemy
import sqlalchemy.exc

from api.mailing.sending import MailFailed, mailer_of
from mendbox.checks import Check, one_line
from mendbox.dependency_age import age_check
from mendbox.doctor_sandbox import holes_check, wall_checks
from mendbox.embedded_redis import find_server
from mendbox.frontend import BUILT, is_built
from mendbox.service_images import missing_images
from runner.errors import MendboxError
from runner.sandbox.engine import Engine
from runner.sandbox.image import CHECKOUT
from runner.sandbox.packages import find_uv
from runner.sandbox.probe import EngineFacts, engine_facts, image_facts, named_image
from store.settings import Settings

_LEAST_PYTHON = (3, 11)
# An image and its base take 0.25 GB; the rest is room for a rebuild and the database.
_LEAST_DISK_BYTES = 2 * 1024**3
# A busy engine takes seconds to say what it is.
_PATIENCE_S = 20


def run_checks(settings: Settings, environ: Mapping[str, str]) -> list[Check]:
    """Every check, in the order in which a person would mend them. What goes wrong is a failed check, not an error."""
    engine, engine_check = _engine(settings, environ)
    return [
        _python(),
        _packages(),
        _pages(),
        age_check(CHECKOUT / "uv.lock", datetime.now(UTC)),
        engine_check,
        _guarded("sandbox image", "mendbox image build", lambda: _image(engine, settings)),
        _guarded("queue server", "scripts/setup", lambda: _queue_server(settings, environ)),
        _database(settings),
        _mail(settings),
        _disk_space(settings),
        _postgres(environ),
        _gvisor(engine),
        _compose_images(engine),
        *(
            []
            if engine is None
            else [*wall_checks(settings, timeout_s=_PATIENCE_S), holes_check(timeout_s=_PATIENCE_S)]
        ),
    ]


def all_required_ok(checks: Sequence[Check]) -> bool:
    """Whether Mendbox can work here."""
    return all(check.ok or not check.required for check in checks)


def to_json(checks: Sequence[Check]) -> dict[str, Any]:
    """The document that `mendbox doctor --json` prints."""
    return {"ok": all_required_ok(checks), "checks": [asdict(check) for check in checks]}


def _guarded(name: str, mend: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except MendboxError as error:
        return Check(name, False, one_line(error.message), error.hint or mend)
    except OSError as error:
        return Check(name, False, one_line(str(error)), mend)


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= _LEAST_PYTHON
    return Check("python", ok, f"{version} at {sys.executable}", "" if ok else "install Python 3.11 or later")


def _packages() -> Check:
    name = "uv and lock file"
    try:
        uv = find_uv(CHECKOUT)
    except MendboxError as error:
        return Check(name, False, error.message, error.hint or "scripts/setup")
    if not (CHECKOUT / "uv.lock").is_file():
        return Check(name, False, f"{CHECKOUT} is no checkout: it has no uv.lock", "clone the project and work there")
    command = [*uv, "lock", "--check", "--offline", "--quiet"]
    try:
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check(name, False, f"uv does not run: {error}", "scripts/setup")
    if done.returncode != 0:
        return Check(name, False, "uv.lock does not fit pyproject.toml", "uv lock && uv sync")
    return Check(name, True, f"{' '.join(uv)}; uv.lock fits pyproject.toml")


def _pages() -> Check:
    built = is_built(CHECKOUT)
    said = (
        f"their script and styles are in {BUILT}" if built else "their script and styles are not built as they are now"
    )
    return Check("pages", built, said, "" if built else "scripts/setup")


def _engine(settings: Settings, environ: Mapping[str, str]) -> tuple[EngineFacts | None, Check]:
    name = "container engine"
    try:
        facts = engine_facts(timeout_s=_PATIENCE_S)
    except MendboxError as error:
        where = environ.get("DOCKER_HOST") or "the default socket"
        return None, Check(name, False, f"none answers at {where}: {one_line(error.message)}", "scripts/setup")
    runtimes = ", ".join(facts.runtimes)
    detail = f"{facts.version}, {facts.architecture}, cgroup v{facts.cgroup_version}, runtimes: {runtimes}"
    if settings.runtime and settings.runtime not in facts.runtimes:
        mend = f"add {settings.runtime} to the engine's runtimes, or unset MENDBOX_RUNTIME"
        return facts, Check(name, False, f"{detail}; MENDBOX_RUNTIME={settings.runtime} is not among them", mend)
    return facts, Check(name, True, detail)


def _image(engine: EngineFacts | None, settings: Settings) -> Check:
    name = "sandbox image"
    if engine is None:
        return Check(name, False, "no engine to ask", "scripts/setup")
    if settings.image:
        given = named_image(settings.image, timeout_s=_PATIENCE_S)
        if given is None:
            mend = f"docker pull {settings.image}, or unset MENDBOX_IMAGE"
            return Check(name, False, f"the engine has no {settings.image} (MENDBOX_IMAGE)", mend)
        return Check(name, True, f"{given.tag} (MENDBOX_IMAGE), Python {given.python}")
    facts = image_facts(timeout_s=_PATIENCE_S)
    if facts.tag is None:
        return Check(name, False, "not built yet: there is no base image", "mendbox image build")
    if facts.image is None:
        return Check(name, False, f"{facts.tag}, which this checkout needs, is not built", "mendbox image build")
    return Check(name, True, f"{facts.tag} on {facts.base}, Python {facts.image.python}")


def _queue_server(settings: Settings, environ: Mapping[str, str]) -> Check:
    name = "queue server"
    if not settings.redis_url:
        return Check(name, True, f"{find_server(environ)}, started by `mendbox up`")
    try:
        client = redis.Redis.from_url(
            settings.redis_url, socket_timeout=_PATIENCE_S, socket_connect_timeout=_PATIENCE_S
        )
        version = client.info("server").get("redis_version", "?")
        client.close()
    except (redis.RedisError, ValueError, OSError) as error:
        mend = "start it, or unset MENDBOX_REDIS_URL to use one of our own"
        return Check(name, False, f"MENDBOX_REDIS_URL does not answer: {one_line(str(error))}", mend)
    return Check(name, True, f"version {version} at MENDBOX_REDIS_URL")


def _database(settings: Settings) -> Check:
    name = "database"
    if not settings.database_url:
        file = settings.home / "mendbox.db"
        return Check(name, True, f"SQLite at {file}" + ("" if file.exists() else ", made when it is first needed"))
    mend = "start it, or set MENDBOX_DATABASE_URL right"
    try:
        database = sqlalchemy.create_engine(settings.database_url)
        with database.connect() as connection:
            connection.execute(sqlalchemy.text("SELECT 1"))
        database.dispose()
    except (sqlalchemy.exc.SQLAlchemyError, ModuleNotFoundError) as error:
        return Check(name, False, f"MENDBOX_DATABASE_URL does not answer: {one_line(str(error))}", mend)
    return Check(name, True, f"{database.dialect.name} at MENDBOX_DATABASE_URL")


def _mail(settings: Settings) -> Check:
    name, mailer = "mail server", mailer_of(settings)
    if mailer is None:
        return Check(name, True, "none is set up, and no mail is sent", required=False)
    try:
        mailer.check()
    except MailFailed as error:
        return Check(name, False, one_line(str(error)), "set MENDBOX_SMTP_URL right, or unset it", required=False)
    return Check(name, True, "takes mail at MENDBOX_SMTP_URL", required=False)


def _disk_space(settings: Settings) -> Check:
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(place).free
    ok = free >= _LEAST_DISK_BYTES
    mend = "" if ok else f"free at least {_LEAST_DISK_BYTES / 1024**3:.0f} GB, for example by: mendbox image prune"
    return Check("disk space", ok, f"{free / 1024**3:.1f} GB free at {place}", mend)


def _postgres(environ: Mapping[str, str]) -> Check:
    found = shutil.which("initdb", path=environ.get("PATH", "")) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None
    )
    if found is None:
        mend = "scripts/setup --tests (only the tests start a PostgreSQL of their own)"
        return Check("PostgreSQL programs", False, "not here", mend, required=False)
    return Check("PostgreSQL programs", True, str(Path(found).parent), required=False)


def _gvisor(engine: EngineFacts | None) -> Check:
    name = "gVisor runtime"
    if engine is not None and "runsc" in engine.runtimes:
        return Check(name, True, "the engine has runsc; choose it by MENDBOX_RUNTIME=runsc", required=False)
    mend = "install runsc and add it to the engine's runtimes, for a second wall around candidates' code"
    return Check(name, False, "the engine has no runsc", mend, required=False)


def _compose_images(engine: EngineFacts | None) -> Check:
    name = "Compose images"
    mend = "mendbox image build --services (only docker-compose.yml starts them)"
    if engine is None:
        return Check(name, False, "no engine to ask", "scripts/setup", required=False)
    try:
        asked = Engine(_PATIENCE_S)
        try:
            missing = missing_images(asked)
        finally:
            asked.close()
    except MendboxError as error:
        return Check(name, False, one_line(error.message), error.hint or mend, required=False)
    if missing:
        return Check(name, False, f"not built: {', '.join(missing)}", mend, required=False)
    return Check(name, True, "built for `docker-compose up`", required=False)
