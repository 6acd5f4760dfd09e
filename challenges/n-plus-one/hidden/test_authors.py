"""R3: the list of authors."""

from mendbox.testing import requirement

TOO_MANY = (
    "GET /api/authors fails on PostgreSQL, runs more SQL statements than allowed, "
    "or a number that grows with authors and posts."
)


@requirement("R3", TOO_MANY)
def test_the_list_takes_few_statements_and_no_more_with_more_authors_and_posts(archive, count, few):
    answer, statements_before = count("/api/authors")
    assert few(statements_before)
    assert answer.json["items"] == archive.listed_authors()
    for post in archive.issue(10):
        archive.post(archive.authors[post["author_id"]], [archive.tag()], post["published_at"] - 7)
    archive.send()
    answer, statements = count("/api/authors")
    assert 1 <= statements <= statements_before, "with ten authors and their posts and tags more"
    assert answer.json["items"] == archive.listed_authors()


@requirement("R3", "GET /api/authors does not list the same authors, with the same fields, in the same order.")
def test_the_list_is_as_before(archive, client):
    answer = client.get("/api/authors").json
    listed = {item["handle"]: item for item in answer["items"]}
    for author in (archive.silent, archive.drafter):
        assert listed.get(author["handle"]) == {
            "handle": author["handle"],
            "name": author["name"],
            "post_count": 0,
            "topics": [],
            "latest_post": None,
        }, "an author without live posts"
    shown = listed.get(archive.twin["handle"])
    assert shown == archive.listed_author(archive.twin), "of two posts from the same moment, the later stored is latest"
    assert answer == {"items": archive.listed_authors()}


@requirement("R3", "GET /api/authors shows old data after the nightly import or a new author.")
def test_an_imported_post_and_a_new_author_show(archive, client):
    client.get("/api/authors")
    archive.post(archive.silent, [archive.tag(", too"), archive.beat], archive.live()[0]["published_at"])
    archive.send()
    author = archive.author()
    made = client.post("/api/authors", json={"handle": author["handle"], "name": author["name"]})
    assert made.status_code == 201
    assert client.get("/api/authors").json["items"] == archive.listed_authors()
