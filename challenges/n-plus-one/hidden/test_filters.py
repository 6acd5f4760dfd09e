"""R2: the list of posts, narrowed by tag and author."""

from mendbox.testing import requirement

TOO_MANY = "GET /api/posts with ?tag= or ?author= runs more SQL statements than allowed for one page."


@requirement("R2", TOO_MANY)
def test_a_page_of_one_tag_takes_few_statements(archive, count, few):
    answer, statements = count(f"/api/posts?tag={archive.beat['slug']}&per_page=100")
    assert few(statements)
    tagged = [post for post in archive.live() if archive.beat["id"] in archive.tags_of[post["id"]]]
    assert answer.json["items"] == [archive.listed(post) for post in tagged]


@requirement("R2", TOO_MANY)
def test_a_page_of_one_author_takes_few_statements(archive, count, few):
    answer, statements = count(f"/api/posts?author={archive.prolific['handle']}&per_page=100")
    assert few(statements)
    written = [post for post in archive.live() if post["author_id"] == archive.prolific["id"]]
    assert answer.json["items"] == [archive.listed(post) for post in written]


@requirement("R2", "With ?tag=, a post is not shown with all its tags and its comments counted as before.")
def test_a_post_found_by_one_tag_shows_all_its_tags(archive, client):
    items = client.get(f"/api/posts?tag={archive.beat['slug']}&per_page=100").json["items"]
    shown = {item["id"]: (item["tags"], item["comment_count"]) for item in items}
    several = [
        post
        for post in archive.live()
        if archive.beat["id"] in archive.tags_of[post["id"]] and len(archive.tags_of[post["id"]]) > 1
    ]
    assert len(several) > 1
    for post in several:
        expected = archive.listed(post)
        assert shown.get(post["id"]) == (expected["tags"], expected["comment_count"])


@requirement("R2", "With ?tag=, pages do not hold as many posts as asked for, or total and pages are wrong.")
def test_pages_of_one_tag_are_full_and_counted_in_posts(archive, client):
    tagged = [post for post in archive.live() if archive.beat["id"] in archive.tags_of[post["id"]]]
    seen = []
    for number in range(1, -(-len(tagged) // 7) + 1):
        page = client.get(f"/api/posts?tag={archive.beat['slug']}&per_page=7&page={number}").json
        assert (page["total"], page["pages"]) == (len(tagged), -(-len(tagged) // 7))
        seen.append([item["id"] for item in page["items"]])
    ids = [post["id"] for post in tagged]
    assert seen == [ids[start : start + 7] for start in range(0, len(ids), 7)]


@requirement("R2", "?author= does not list the author's posts as before, alone or together with ?tag=.")
def test_an_author_s_posts_are_listed_alone_and_together_with_a_tag(archive, client):
    handle = archive.prolific["handle"]
    written = [post for post in archive.live() if post["author_id"] == archive.prolific["id"]]
    page = client.get(f"/api/posts?author={handle}&per_page=100").json
    assert page["items"] == [archive.listed(post) for post in written]
    both = [post for post in written if archive.beat["id"] in archive.tags_of[post["id"]]]
    assert 0 < len(both) < len(written)
    page = client.get(f"/api/posts?author={handle}&tag={archive.beat['slug']}").json
    assert (page["items"], page["total"]) == ([archive.listed(post) for post in both], len(both))


@requirement("R2", "An unknown tag or author is not answered with 404, or a known one without posts with no items.")
def test_unknown_names_are_not_found_and_known_ones_may_have_no_posts(archive, client):
    for query in (f"tag={archive.word()}", f"author={archive.word()}"):
        answer = client.get(f"/api/posts?{query}")
        assert answer.status_code == 404
        assert answer.json["error"]["status"] == 404
    for query in (f"tag={archive.unused['slug']}", f"author={archive.silent['handle']}"):
        answer = client.get(f"/api/posts?{query}")
        assert (answer.status_code, answer.json["items"], answer.json["total"]) == (200, [], 0)


@requirement("R2", "GET /api/tags does not answer as before.")
def test_all_tags_are_counted_as_before(archive, client):
    live = archive.live()
    assert client.get("/api/tags").json["items"] == [
        {
            "slug": tag["slug"],
            "name": tag["name"],
            "post_count": sum(tag["id"] in archive.tags_of[post["id"]] for post in live),
        }
        for tag in sorted(archive.tags.values(), key=lambda tag: tag["name"])
    ]
