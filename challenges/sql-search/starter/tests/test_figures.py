def test_founders_for_the_search_box(client):
    assert client.get("/founders?limit=2").json == {"founders": ["Gervase of Lenn", "Hale & Sons"]}
    assert client.get("/founders?starts=t").json == {"founders": ["Thomas Hale"]}


def test_figures_of_the_towers(client):
    assert client.get("/towers?sort=bells&direction=desc").json == {
        "towers": [
            {"tower": "Ashby Minster", "bells": 3, "diameter_mm": 1524},
            {"tower": "Little Marl", "bells": 2, "diameter_mm": 876},
            {"tower": "St Anne's", "bells": 2, "diameter_mm": 755},
            {"tower": "Marl Priory", "bells": 1, "diameter_mm": 812},
        ]
    }
