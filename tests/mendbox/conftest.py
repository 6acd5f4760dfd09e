from __future__ import annotations

from pathlib import Path

import pytest

from tests.mendbox.cli import Cli, cli_in


@pytest.fixture
def mendbox(tmp_path: Path) -> Cli:
    """The command line with an empty home of its own and the project's challenges."""
    return cli_in(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The same for all tests of a module."""
    return cli_in(tmp_path_factory.mktemp("mendbox"))
