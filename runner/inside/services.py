"""Where the servers of a challenge are found, by those who serve and those who are served."""

from pathlib import Path

#: PostgreSQL's socket: in Linux's abstract names, which belong to the network namespace. No file, so nothing to mount.
SOCKET = "@/mendbox"
#: A service of the client library's, which finds it by this file: psycopg would take the socket's name for a host's.
SERVICE = "mendbox"
SERVICE_FILE = Path(__file__).with_name("pg_service.conf")
#: For SQLAlchemy, in the app: the role `app` and its database of the same name.
APP_URL = f"postgresql+psycopg://app@/app?service={SERVICE}"
