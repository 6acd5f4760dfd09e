"""The API's surroundings, as for its own tests."""

from tests.adversarial.api.arena import arena  # noqa: F401 -- a fixture
from tests.api.conftest import platform, redis_server, templates, valkey  # noqa: F401 -- fixtures
