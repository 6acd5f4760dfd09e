def test_all_claims_are_listed_by_number(client):
    claims = client.get("/claims").json["claims"]
    assert [claim["number"] for claim in claims] == ["HM-1987", "HM-2041", "HM-2042"]


def test_a_claim_is_shown_with_what_was_sent_in(client):
    claim = client.get("/claims/HM-2041").json
    assert claim["holder"] == "Lotte Aarden"
    assert [photo["name"] for photo in claim["photos"]] == ["window.png"]
    assert claim["estimate"]["name"] == "offer 17.pdf"


def test_an_unknown_claim_is_404(client):
    answer = client.get("/claims/HM-1")
    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "claim_not_found"


def test_the_adjusters_page_links_to_the_files(client):
    page = client.get("/desk/HM-2041").text
    assert 'href="/claims/HM-2041/files/window.png"' in page
    assert 'href="/claims/HM-2041/estimate"' in page
