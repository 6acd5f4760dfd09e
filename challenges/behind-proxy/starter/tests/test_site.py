REPORT = {"kind": "flooded bridge", "place": "below the mill", "name": "Ada", "email": "ada@hikers.example"}


def test_the_first_page_lists_the_trails(client):
    page = client.get("/").text
    assert '<a href="/trails/larch-loop/">Larch Loop</a>' in page
    assert page.index("Larch Loop") < page.index("Ridge Way")


def test_a_trail_shows_what_is_open(client):
    assert "at the ford" not in client.get("/trails/larch-loop/").text
    assert "at the ford" in client.get("/trails/larch-loop/?all=1").text


def test_a_report_is_sent_and_withdrawn(client):
    sent = client.post("/trails/ridge-way/reports", data=REPORT)
    assert sent.status_code == 303
    assert "below the mill" in client.get(sent.location).text
    mail = client.get("/desk/mails").json["mails"][0]
    assert mail["to"] == "ada@hikers.example"
    client.post("/withdraw/" + mail["text"].strip().rpartition("/")[2])
    assert "below the mill" not in client.get("/trails/ridge-way/").text


def test_the_name_is_remembered(client):
    client.post("/trails/ridge-way/reports", data=REPORT)
    assert 'value="Ada"' in client.get("/trails/larch-loop/").text


def test_what_is_not_there_is_404(client):
    assert client.get("/trails/nowhere/").status_code == 404
    assert client.get("/withdraw/nothing").status_code == 404


def test_the_feed_has_what_is_open(client):
    feed = client.get("/feed.atom")
    assert feed.mimetype == "application/atom+xml"
    assert "behind the chapel" in feed.text
    assert "at the ford" not in feed.text


def test_phones_report_as_json(client):
    sent = client.post("/api/reports", json={"trail": "ridge-way", "kind": "landslip", "place": "under the top"})
    assert sent.status_code == 201
    assert client.get(sent.location).json == sent.json
    assert client.post("/api/reports", json={"trail": "nowhere"}).status_code == 404


def test_https_only(make):
    client = make(HTTPS_ONLY=True)
    assert client.get("/healthz").json == {"trails": 3}
    assert client.get("/", base_url="https://localhost").status_code == 200
    sent_on = client.get("/trails/ridge-way/?all=1")
    assert (sent_on.status_code, sent_on.location) == (308, "https://localhost/trails/ridge-way/?all=1")
