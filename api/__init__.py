"""The HTTP API: JSON under `/api/v1`, server-sent events, health and metrics. Stores, then queues; never grades."""
