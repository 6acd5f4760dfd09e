def test_notes_have_a_little_markup(client):
    page = client.get("/boulders/2").text

    assert "<strong>Left heel</strong> first" in page
    assert '<a href="/boulders/1">#1</a>' in page
    assert 'href="https://video.example/w?v=88"' in page


def test_a_note_can_be_written_and_deleted(client):
    written = client.post("/boulders/3/notes", data={"climber": "2", "text": "Longer than you think."})
    assert written.status_code == 303
    assert "Longer than you think." in client.get("/boulders/3").text

    deleted = client.post("/notes/3/delete")
    assert deleted.status_code == 303
    assert "Longer than you think." not in client.get("/boulders/3").text


def test_a_note_needs_a_text(client):
    assert client.post("/boulders/3/notes", data={"climber": "2", "text": ""}).status_code == 400


def test_notes_are_on_the_page_of_who_wrote_them(client):
    assert "then swing." in client.get("/climbers/1").text
