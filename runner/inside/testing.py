"""What hidden suites import: `from mendbox.testing import requirement`.

`mendbox` itself is not in the grader container, so the module is made here, under the name that authors use; on an
author's machine the same name is a real module, for editors.
"""

from __future__ import annotations

import builtins
import sys
from types import ModuleType

import pytest

from runner.inside.backend import CallFailed

requirement = pytest.mark.requirement


def install() -> None:
    """Make `mendbox.testing` importable, and `requirement` known without an import."""
    testing = ModuleType("mendbox.testing")
    testing.__dict__["requirement"] = requirement
    testing.__dict__["CallFailed"] = CallFailed
    parent = sys.modules.get("mendbox") or ModuleType("mendbox")
    parent.__dict__["testing"] = testing
    sys.modules.setdefault("mendbox", parent)
    sys.modules["mendbox.testing"] = testing
    builtins.__dict__["requirement"] = requirement
