"""R4: the feed."""

from xml.etree import ElementTree

import pytest

from mendbox.testing import requirement

ATOM = "{http://www.w3.org/2005/Atom}"
TOO_MANY = "GET /feed.atom fails on PostgreSQL, or runs more SQL statements than allowed."


def entries(answer):
    """What the feed says of each post."""
    return [
        {
            "id": entry.findtext(f"{ATOM}id"),
            "title": entry.findtext(f"{ATOM}title"),
            "published": entry.findtext(f"{ATOM}published"),
            "summary": entry.findtext(f"{ATOM}summary") or "",
            "authors": [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")],
            "tags": [(tag.get("term"), tag.get("label")) for tag in entry.findall(f"{ATOM}category")],
        }
        for entry in ElementTree.fromstring(answer.get_data(as_text=True)).findall(f"{ATOM}entry")
    ]


@pytest.fixture
def expected(archive):
    """Gives what the feed must hold now."""

    def entry(post):
        author = archive.authors.get(post["author_id"])
        return {
            "id": f"urn:pressroom:post:{post['id']}",
            "title": post["title"],
            "published": archive.iso(post["published_at"]),
            "summary": post["summary"],
            "authors": [author["name"]] if author else [],
            "tags": [(tag["slug"], tag["name"]) for tag in archive.tags_by_name(post)],
        }

    return lambda: [entry(post) for post in archive.live()[:20]]


@requirement("R4", TOO_MANY)
def test_the_feed_takes_few_statements_and_no_more_with_new_authors_and_tags(archive, count, expected, few):
    answer, statements = count("/feed.atom")
    assert few(statements)
    assert entries(answer) == expected()
    archive.issue(15)
    archive.send()
    answer, statements = count("/feed.atom")
    assert few(statements), "with fifteen posts by new authors and under new tags"
    assert entries(answer) == expected()


@requirement("R4", "GET /feed.atom is not the same feed as before.")
def test_the_feed_is_as_before(archive, client, expected):
    answer = client.get("/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    assert entries(answer) == expected()


@requirement("R4", "GET /feed.atom shows old data after a change.")
def test_an_imported_post_and_an_author_s_new_name_show(archive, client, expected):
    client.get("/feed.atom")
    post = archive.issue(2)[0]
    archive.send()
    author = archive.authors[post["author_id"]]
    author["name"] = f"{archive.word()} & {archive.word()}"
    assert client.patch(f"/api/authors/{author['handle']}", json={"name": author["name"]}).status_code == 200
    assert entries(client.get("/feed.atom")) == expected()
