def test_authors_are_listed_with_their_live_posts(client):
    assert client.get("/api/authors").json["items"] == [
        {
            "handle": "ada",
            "name": "Ada Okafor",
            "post_count": 1,
            "topics": ["Food", "Travel"],
            "latest_post": {"slug": "night-market", "title": "The night market"},
        }
    ]


def test_a_handle_is_given_once(client):
    assert client.post("/api/authors", json={"handle": "ada", "name": "Another"}).status_code == 409


def test_tags_count_live_posts(client):
    counts = {tag["slug"]: tag["post_count"] for tag in client.get("/api/tags").json["items"]}
    assert counts == {"food": 1, "travel": 1}
