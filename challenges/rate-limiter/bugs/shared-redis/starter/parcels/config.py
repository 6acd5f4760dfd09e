"""Default settings. `PARCELS_*` environment variables and `create_app(config)` override them."""

from typing import Any


class Defaults:
    """Settings of a development machine."""

    SQLALCHEMY_DATABASE_URI = "sqlite:///parcels.db"
    SQLALCHEMY_ENGINE_OPTIONS: dict[str, Any] = {
        "pool_size": 16,
        "max_overflow": 16,
        "connect_args": {"timeout": 10},
    }

    # Where requests are counted. Tests hand in an object instead.
    RATE_REDIS_URL = "redis://localhost:6379/0"
    RATE_REDIS: Any = None

    # Requests per window, by group and plan.
    RATE_WINDOW_S = 60
    RATE_LIMITS: dict[str, dict[str, int]] = {
        "lookup": {"basic": 60, "business": 300},
        "booking": {"basic": 10, "business": 100},
        "public": {"address": 30},
    }
