def test_a_page_is_what_it_was_and_nobody_elses(sign_in, client):
    ada, bela = sign_in(1), sign_in(2)
    one, other = ada.get("/notices").text, bela.get("/notices").text
    assert one != other
    assert (ada.get("/notices").text, bela.get("/notices").text) == (one, other)
    assert client.get("/notices").status_code == 302


def test_what_everyone_may_keep(client, sign_in):
    control = [answer.headers["Cache-Control"] for answer in (client.get("/concerts"), client.get("/concerts"))]
    assert control[0] == "private, no-store"
    assert set(control[1].split(", ")) == {"public", "max-age=60"}
    assert sign_in(1).get("/concerts").headers["Cache-Control"] == "private, no-store"


def test_a_notice_is_there_at_once(sign_in):
    ada = sign_in(1)
    assert "Sing!" not in ada.get("/notices").text
    sign_in(3).post("/notices", data={"text": "Sing!", "voice": ""})
    assert "Sing!" in ada.get("/notices").text
