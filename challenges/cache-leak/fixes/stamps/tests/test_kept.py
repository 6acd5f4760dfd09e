from sqlalchemy import event

from descant.extensions import db

JSON = {"Accept": "application/json"}


def test_members_see_their_own_pages(sign_in):
    assert [sign_in(number).get("/me", headers=JSON).json["voice"] for number in (1, 2)] == ["alto", "tenor"]


def test_an_answer_is_seen_by_others(sign_in):
    ada, bela = sign_in(1), sign_in(2)
    for coming, count in (("yes", 2), ("no", 1)):
        bela.post("/rehearsals/1/answer", data={"coming": coming})
        assert ada.get("/rehearsals", headers=JSON).json["rehearsals"][0]["coming"] == count


def test_a_page_is_made_once(app, sign_in, client):
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    ada = sign_in(1)
    first = [ada.get("/rehearsals").text, client.get("/repertoire").text]
    statements.clear()
    assert [ada.get("/rehearsals").text, client.get("/repertoire").text] == first
    assert len(statements) == 1


def test_a_redirect_is_not_kept(client):
    assert client.get("/me").status_code == 302
    client.post("/login", data={"member": 1, "pin": "1111"})
    assert client.get("/me").status_code == 200
