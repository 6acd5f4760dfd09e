"""The sandbox image: what goes into it, what it is called, and how it is built.

Its tag is a digest of everything that goes in (Dockerfile, base image, pinned packages with hashes, the code of
`runner/inside`), so the image of this checkout is there or it isn't: there is nothing to go stale, and a second
build is a look-up. The build runs on the engine's classic builder, through its API, with no network: packages are
fetched by uv on the host, checked against the hashes of `uv.lock`, and copied in.

Layout inside: packages in `/opt/mendbox/site`, our code in `/opt/mendbox/lib/runner/{__init__.py,inside/}`, user
`sandbox` (65532:65532), no entry point. `python3 -I /opt/mendbox/lib/runner/inside/boot.py app|grader` starts it.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
import docker.errors
import requests

from runner.errors import SandboxUnavailable
from runner.sandbox.base import DEFAULT_BASE, base_python, engine_faults, ensure_base
from runner.sandbox.python_target import Target, export_requirements, python_target

Progress = Callable[[str], None]

REPOSITORY = "mendbox/sandbox"
ROLE_LABEL = "org.mendbox.role"
PYTHON_LABEL = "org.mendbox.python"
