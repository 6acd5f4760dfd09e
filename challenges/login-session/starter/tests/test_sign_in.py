def sign_in(client, **changes):
    form = {"email": "ada@riverside.example", "password": "Runner beans!", "next": "/plot"}
    return client.post("/login", data=form | changes)


def test_a_member_signs_in_and_comes_to_the_page(client):
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (302, "/plot")
    assert "Plot A-1" in client.get("/plot").text


def test_capitals_make_no_difference_in_an_address(client):
    assert sign_in(client, email=" Ada@Riverside.example ").status_code == 302


def test_a_wrong_password_is_refused(client):
    answer = sign_in(client, password="runner beans!")
    assert answer.status_code == 401
    assert 'value="/plot"' in answer.text
    assert client.get("/plot").location == "/login?next=/plot"


def test_an_unknown_address_is_refused(client):
    assert sign_in(client, email="nobody@riverside.example").status_code == 401


def test_a_member_signs_out(ada):
    assert ada.post("/logout").location == "/"
    assert ada.get("/plot").status_code == 302


def test_a_member_chooses_another_password(app, ada):
    form = {"current": "Runner beans!", "new": "Broad beans & peas", "again": "Broad beans & peas"}
    assert ada.post("/password", data=form).location == "/plot"
    assert "You have a new password." in ada.get("/plot").text
    other = app.test_client()
    assert sign_in(other).status_code == 401
    assert sign_in(other, password="Broad beans & peas").status_code == 302


def test_a_password_that_is_too_short_is_refused(ada):
    form = {"current": "Runner beans!", "new": "peas", "again": "peas"}
    assert ada.post("/password", data=form).status_code == 422
