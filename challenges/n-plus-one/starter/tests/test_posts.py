import pytest


def test_live_posts_are_listed_newest_first(client):
    page = client.get("/api/posts").json
    assert [post["slug"] for post in page["items"]] == ["night-market", "old-maps"]
    assert (page["page"], page["pages"], page["total"]) == (1, 1, 2)


def test_a_listed_post_has_author_tags_and_comment_count(client):
    newest, older = client.get("/api/posts").json["items"]
    assert newest["author"] == {"handle": "ada", "name": "Ada Okafor"}
    assert [tag["name"] for tag in newest["tags"]] == ["Food", "Travel"]
    assert newest["comment_count"] == 1
    assert older["author"] is None


@pytest.mark.parametrize("query", ["page=0", "page=x", "per_page=101", "per_page=-1"])
def test_a_page_that_cannot_be_is_refused(client, query):
    assert client.get(f"/api/posts?{query}").status_code == 400


def test_posts_can_be_narrowed_by_tag(client):
    page = client.get("/api/posts?tag=food").json
    assert [post["slug"] for post in page["items"]] == ["night-market"]
    assert client.get("/api/posts?tag=unheard-of").status_code == 404


def test_one_post_shows_its_approved_comments(client):
    post = client.get("/api/posts/night-market").json
    assert [comment["text"] for comment in post["comments"]] == ["Delicious."]
    assert client.get("/api/posts/unfinished").status_code == 404


def test_a_post_is_created_with_new_tags(client):
    created = client.post(
        "/api/posts",
        json={
            "title": "Nine bridges",
            "body": "Count.",
            "tags": ["Cities"],
            "publish_at": "2025-06-01T00:00:00Z",
        },
    )
    assert created.status_code == 201
    assert created.location == "/api/posts/nine-bridges"
    assert client.get("/api/posts").json["items"][0]["tags"] == [{"slug": "cities", "name": "Cities"}]
