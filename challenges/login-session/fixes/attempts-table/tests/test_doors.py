import pytest

from allotment.auth import onward
from allotment.extensions import db
from allotment.models import Member


@pytest.mark.parametrize("page", ["/plot", "/shifts?task=mow&x=%20y", "/"])
def test_pages_of_ours_are_followed(app, page):
    with app.test_request_context():
        assert onward(page) == page


@pytest.mark.parametrize(
    "page", ["", "plot", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", " //evil.example", "https:evil", "/\n/evil.example"]
)
def test_what_is_none_of_ours_leads_home(app, page):
    with app.test_request_context():
        assert onward(page) == "/"


def test_a_password_is_hashed_at_the_next_sign_in(app, ada):
    with app.app_context():
        member = db.session.get(Member, 1)
        assert member.password == ""
        assert member.password_hash.startswith("pbkdf2:sha256:500$")


def test_the_sixth_guess_is_not_looked_at(client):
    form = {"email": "ada@riverside.example", "password": "?"}
    assert [client.post("/login", data=form).status_code for _ in range(6)] == [401] * 5 + [429]
