import pytest


def test_the_start_page_counts_the_sections(client):
    page = client.get("/").text
    assert "Wild species: 3" in page
    assert "Crop varieties: 3" in page


def test_a_section_lists_its_own_accessions(client):
    page = client.get("/wild/").text
    assert "Saxifraga cespitosa" in page
    assert "Hordeum vulgare" not in page


def test_a_list_can_be_of_one_place(client):
    page = client.get("/crops/", query_string={"origin": "Troms"}).text
    assert "Målselvnepe" in page
    assert "Jærert" not in page


@pytest.mark.parametrize(("section", "taxon"), [("wild", "Saxifraga cespitosa"), ("crops", "Hordeum vulgare")])
def test_a_number_may_be_in_both_sections(client, section, taxon):
    page = client.get(f"/{section}/1987-0412")
    assert page.status_code == 200
    assert taxon in page.text


def test_an_unknown_number_is_not_found(client):
    page = client.get("/wild/1999-0001")
    assert page.status_code == 404
    assert "There is no accession 1999-0001 in this section." in page.text


def test_the_order_of_a_list_is_remembered(client):
    assert client.post("/wild/order", data={"order": "taxon"}).location == "/wild/"
    page = client.get("/wild/").text
    assert page.index("Allium") < page.index("Arnica") < page.index("Saxifraga")
    assert client.post("/wild/order", data={"order": "colour"}).status_code == 400


def test_seeds_can_be_taken_out(client):
    answer = client.post("/crops/2015-0007/withdrawals", data={"grams": "30", "purpose": "sowing"})
    assert (answer.status_code, answer.location) == (303, "/crops/2015-0007")
    page = client.get(answer.location).text
    assert "30 g: sowing" in page
    assert "200 g in" in page
    assert client.post("/crops/2015-0007/withdrawals", data={"grams": "201", "purpose": "x"}).status_code == 400


def test_a_label_says_where_the_accession_is_shown(client):
    assert client.get("/wild/1987-0412/label").text.splitlines() == [
        "TROMSDAL SEED BANK",
        "1987-0412",
        "Saxifraga cespitosa",
        "http://localhost/wild/1987-0412",
    ]


def test_search_engines_get_a_list_of_pages(client):
    lines = client.get("/sitemap.txt").text.splitlines()
    assert lines[:4] == [
        "http://localhost/",
        "http://localhost/wild/",
        "http://localhost/crops/",
        "http://localhost/wild/1987-0412",
    ]
    assert len(lines) == 9


def test_old_addresses_lead_to_the_accession(client):
    answer = client.get("/katalog/saxifraga.html")
    assert (answer.status_code, answer.location) == (301, "/wild/1987-0412")
    assert client.get("/katalog/nothing.html").status_code == 404
