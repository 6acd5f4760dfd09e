"""Where the servers of a challenge are found, by those who serve and those who are served."""

from pathlib import Path

#: PostgreSQL's socket: in Linux's abstract names, which belong to the network namespace. No file, so nothing to mount.
SOCKET = "@/mendbox"
#: A service of the client library's, which finds it by this file: psycopg would take the socket's name for a host's.
SERVICE = "mendbox"
SERVICE_FILE = Path(__file__).with_name("pg_service.conf")
#: For SQLAlchemy, in the app: the role `app` and its database of the same name.
APP_URL = f"postgresql+psycopg://app@/app?service={SERVICE}"

#: Redis has no abstract sockets: `doorway` listens at this one for it. For redis-py, and all that takes its URLs.
REDIS_SOCKET = "\0/mendbox/redis"
REDIS_URL = "unix://?path=%00/mendbox/redis"
#: Who the app is, as the kernel tells a server: `runner.sandbox.settings.SANDBOX_UID`.
APP_UID = 65532

#: What an app is given to reach each service by.
URLS = {"postgres": APP_URL, "redis": REDIS_URL}
#: What speaks to each service in an app, imported before the candidate's files are there.
CLIENTS = {"postgres": ("psycopg", "sqlalchemy.dialects.postgresql.psycopg"), "redis": ("redis",)}
