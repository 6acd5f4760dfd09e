def test_species_for_the_search_box(client):
    assert client.get("/species?limit=2").json == {"species": ["Cedar of Lebanon", "Common lime"]}
    assert client.get("/species?starts=c").json == {"species": ["Cedar of Lebanon", "Common lime"]}


def test_figures_of_the_parishes(client):
    assert client.get("/parishes?sort=trees&direction=desc").json == {
        "parishes": [
            {"parish": "Ashby", "trees": 3, "girth_cm": 912},
            {"parish": "St Anne's", "trees": 2, "girth_cm": 455},
            {"parish": "Little Marl", "trees": 1, "girth_cm": 688},
            {"parish": "Marl 50% Common", "trees": 1, "girth_cm": 188},
        ]
    }
