"""What of pytest is imported before there are tests, so that no run waits for it."""

#: pytest's own modules that a run would import, and the client that its tests make.
MODULES = (
    "_pytest.assertion.rewrite",
    "_pytest.python",
    "_pytest.fixtures",
    "_pytest.terminal",
    "_pytest.capture",
    "_pytest.monkeypatch",
    "_pytest.tmpdir",
    "_pytest.recwarn",
    "_pytest.raises",
    "_pytest.skipping",
    "_pytest.unittest",
    "_pytest.logging",
    "_pytest.warnings",
    "werkzeug.test",
)
