import pytest

from gangway import create_app
from gangway.config import ConfigError


@pytest.mark.parametrize(
    ("name", "text"), [("MAX_PARTY", "many"), ("FEE", "2,50"), ("DEBUG", "yes"), ("SECRET_KEY", ""), ("PIER", "Ness")]
)
def test_a_wrong_setting_is_named(environ, name, text):
    with pytest.raises(ConfigError, match=f"GANGWAY_{name}"):
        create_app(environ | {f"GANGWAY_{name}": text})


def test_settings_have_types(environ):
    app = create_app(environ | {"GANGWAY_MAX_PARTY": "12", "GANGWAY_FEE": "1.15", "GANGWAY_COOKIE_SECURE": "false"})
    assert app.test_client().get("/about").json["max_party"] == 12
    assert app.test_client().get("/about").json["fee_pence"] == 115
    assert app.config["SESSION_COOKIE_SECURE"] is False
