import pytest

JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("path", ["/concerts", "/concerts/1", "/repertoire", "/login"])
def test_everyone_may_see(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/rehearsals", "/rehearsals/1", "/members", "/notices", "/me", "/dues"])
def test_visitors_are_sent_to_sign_in(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (302, "/login")


def test_a_concert_has_a_programme_and_tickets(client):
    answer = client.get("/concerts/1", headers=JSON).json
    assert (answer["you"], answer["title"], answer["tickets"], len(answer["programme"])) == (None, "Spring", 47, 2)


def test_a_concert_that_is_not_there(client):
    answer = client.get("/concerts/99", headers=JSON)
    assert (answer.status_code, answer.json["error"]) == (404, "There is no such concert.")


def test_a_visitor_is_counted(client):
    assert client.get("/concerts").status_code == 200
    assert len(client.get_cookie("visitor").value) == 16


def test_a_member_sees_the_rehearsals(sign_in):
    answer = sign_in(1).get("/rehearsals", headers=JSON).json
    assert answer["you"] == "Ada Brook"
    assert [(each["coming"], each["you_come"]) for each in answer["rehearsals"]] == [(1, True), (0, None)]


def test_an_answer_is_shown(sign_in):
    bela = sign_in(2)
    assert bela.get("/rehearsals/1", headers=JSON).json["who"]["tenor"] == []
    assert bela.post("/rehearsals/1/answer", data={"coming": "yes"}).status_code == 303
    assert bela.get("/rehearsals/1", headers=JSON).json["who"]["tenor"] == ["Bela Lind"]


def test_what_cannot_be_read_is_400(sign_in):
    assert sign_in(2).post("/rehearsals/1/answer", data={"coming": "perhaps"}).status_code == 400
    assert sign_in(3).post("/concerts/1", data={"title": "Spring", "venue": "", "day": "soon"}).status_code == 400


def test_a_new_number_is_stored(sign_in):
    ada = sign_in(1)
    assert ada.get("/me", headers=JSON).json["phone"] == "0555 1"
    ada.post("/me", data={"name": "Ada Brook", "phone": "0555 9"})
    assert ada.get("/me", headers=JSON).json["phone"] == "0555 9"


def test_dues_are_for_the_committee(sign_in):
    assert sign_in(1).get("/dues").status_code == 403


def test_the_committee_sees_who_has_paid(sign_in):
    cato = sign_in(3)
    assert cato.post("/dues/1", data={"paid": "yes"}).status_code == 303
    assert [one["paid"] for one in cato.get("/dues", headers=JSON).json["dues"]] == [True, False, False]


def test_a_notice_is_for_one_voice(sign_in):
    sign_in(3).post("/notices", data={"text": "Tenors at seven.", "voice": "tenor"})
    assert [one["text"] for one in sign_in(2).get("/notices", headers=JSON).json["notices"]][0] == "Tenors at seven."


def test_a_page_is_kept(app, client):
    asked = []
    app.config["BOX_OFFICE"] = lambda number: asked.append(number) or 5
    for _ in range(3):
        assert client.get("/concerts/2", headers=JSON).json["tickets"] == 5
    assert asked == [2]
