"""R2: the list of posts, narrowed by tag and author."""

import pytest

from mendbox.testing import requirement

TOO_MANY = (
    "GET /api/posts with ?tag= or ?author= fails on PostgreSQL, or runs more SQL statements than allowed for one page."
)


@pytest.fixture
def narrowed(archive):
    """Queries that narrow the list, each with the posts it must find: by tag, by author, by both."""
    tag, author = f"tag={archive.beat['slug']}", f"author={archive.prolific['handle']}"
    live = archive.live()
    tagged = [post for post in live if archive.beat["id"] in archive.tags_of[post["id"]]]
    written = [post for post in live if post["author_id"] == archive.prolific["id"]]
    both = [post for post in written if post in tagged]
    assert 0 < len(both) < len(written)
    return {tag: tagged, author: written, f"{author}&{tag}": both}


@requirement("R2", TOO_MANY)
def test_a_page_narrowed_by_tag_or_author_or_both_takes_few_statements(archive, count, few, narrowed):
    for query, posts in narrowed.items():
        answer, statements = count(f"/api/posts?{query}&per_page=100")
        assert few(statements), query
        assert answer.json["items"] == [archive.listed(post) for post in posts], query


@requirement("R2", "With ?tag= or ?author=, pages are not full, posts lack tags, or total and pages are wrong.")
def test_narrowed_pages_are_full_counted_in_posts_and_show_all_tags(archive, client, narrowed):
    for (query, posts), size in zip(narrowed.items(), (8, 5, 2), strict=True):
        listed = [archive.listed(post) for post in posts]
        assert any(len(post["tags"]) > 1 for post in listed), "the archive holds posts with several tags"
        for number, start in enumerate(range(0, len(listed), size), 1):
            page = client.get(f"/api/posts?{query}&per_page={size}&page={number}").json
            assert page["items"] == listed[start : start + size], f"{query}, page {number}"
            assert (page["total"], page["pages"]) == (len(listed), -(-len(listed) // size)), query


@requirement(
    "R2",
    "An unknown tag or author is not answered with 404, or a known one without posts with no items, "
    "or GET /api/tags does not answer as before.",
)
def test_unknown_names_are_not_found_known_ones_may_have_no_posts_and_all_tags_are_counted(archive, client):
    for query in (f"tag={archive.word()}", f"author={archive.word()}"):
        answer = client.get(f"/api/posts?{query}")
        assert answer.status_code == 404, query
        assert answer.json["error"]["status"] == 404, query
    for query in (f"tag={archive.unused['slug']}", f"author={archive.silent['handle']}"):
        answer = client.get(f"/api/posts?{query}")
        assert (answer.status_code, answer.json["items"], answer.json["total"]) == (200, [], 0), query
    live = archive.live()
    assert client.get("/api/tags").json["items"] == [
        {
            "slug": tag["slug"],
            "name": tag["name"],
            "post_count": sum(tag["id"] in archive.tags_of[post["id"]] for post in live),
        }
        for tag in sorted(archive.tags.values(), key=lambda tag: tag["name"])
    ], "GET /api/tags"
