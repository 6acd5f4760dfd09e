"""R1: the list of posts."""

import pytest

from mendbox.testing import requirement

TOO_MANY = (
    "GET /api/posts fails on PostgreSQL, runs more SQL statements than allowed for one page, "
    "or a number that grows with the page."
)
CHANGED = "GET /api/posts or /api/posts/<slug> does not show the same posts, fields or order as before."
STALE = "GET /api/posts shows old data after a change."


@requirement("R1", TOO_MANY)
class TestStatements:
    def test_the_longest_page_takes_few_and_new_authors_and_tags_no_more(self, long_archive, count, few):
        answer, statements = count("/api/posts?per_page=100")
        assert few(statements), "a page of 100"
        assert answer.json["items"] == [long_archive.listed(post) for post in long_archive.live()[:100]]
        newest = long_archive.issue(12)[::-1]
        long_archive.send()
        answer, statements = count("/api/posts?per_page=12")
        assert few(statements), "a page of 12 whose authors and tags are all new"
        assert answer.json["items"] == [long_archive.listed(post) for post in newest]

    def test_a_long_page_takes_no_more_than_a_short_one(self, long_archive, count, few, rng):
        few_posts, many_posts = rng.randrange(8, 13), rng.randrange(75, 86)
        short, statements_short = count(f"/api/posts?per_page={few_posts}")
        long, statements_long = count(f"/api/posts?per_page={many_posts}")
        listed = [long_archive.listed(post) for post in long_archive.live()[:many_posts]]
        assert (short.json["items"], long.json["items"]) == (listed[:few_posts], listed)
        assert few(statements_short)
        assert 1 <= statements_long <= statements_short


@requirement("R1", CHANGED)
class TestAnswers:
    def test_every_page_and_a_single_post_are_as_before(self, archive, client, rng):
        listed = [archive.listed(post) for post in archive.live()]
        size = rng.randrange(28, 32)
        pages = [client.get(f"/api/posts?page={number}&per_page={size}").json for number in (1, 2)]
        shown = {item["id"]: item for page in pages for item in page["items"]}
        for lack, empty in (("author", None), ("tags", []), ("comment_count", 0)):
            lacking = [post for post in listed if post[lack] == empty]
            assert lacking, "the archive holds posts that lack something"
            assert [shown.get(post["id"]) for post in lacking] == lacking, f"posts without {lack}"
        for number, page in enumerate(pages, 1):
            assert page == {
                "items": listed[size * (number - 1) : size * number],
                "page": number,
                "per_page": size,
                "pages": 2,
                "total": len(listed),
            }, f"page {number}"
        post = next(post for post in archive.live() if len(archive.approved(post)) > 1)
        assert client.get(f"/api/posts/{post['slug']}").json == {
            **archive.listed(post),
            "body": post["body"],
            "comments": [
                {
                    "id": comment["id"],
                    "name": comment["name"],
                    "text": comment["text"],
                    "created_at": archive.iso(comment["created_at"]),
                }
                for comment in archive.approved(post)
            ],
        }, "GET /api/posts/<slug>"

    @requirement("R1", "Page numbers and sizes are not checked as before, or a page past the end is not empty.")
    def test_pages_that_cannot_be_are_refused_and_past_the_end_there_is_nothing(self, archive, client, rng):
        for query in ("page=0", "page=two", "per_page=0", "per_page=101"):
            assert client.get(f"/api/posts?{query}").status_code == 400, query
        past = rng.randrange(5, 100)
        assert client.get(f"/api/posts?page={past}").json == {
            "items": [],
            "page": past,
            "per_page": 20,
            "pages": -(-len(archive.live()) // 20),
            "total": len(archive.live()),
        }


@requirement("R1", STALE)
class TestChanges:
    #: Long enough to hold a post with author and tags, whatever the draw.
    PAGE = "/api/posts?per_page=12"

    @pytest.fixture
    def post(self, archive, client):
        """A post on the first page, which has been read before."""
        client.get(self.PAGE)
        return next(post for post in archive.live()[:12] if post["author_id"] and archive.tags_of[post["id"]])

    def shown(self, client, post):
        return next(item for item in client.get(self.PAGE).json["items"] if item["id"] == post["id"])

    def test_an_author_s_new_name_and_new_tags_show(self, archive, client, post):
        author = archive.authors[post["author_id"]]
        author["name"] = f"{archive.word()} {archive.word()}"
        assert client.patch(f"/api/authors/{author['handle']}", json={"name": author["name"]}).status_code == 200
        assert self.shown(client, post) == archive.listed(post), "an author's new name"
        names = sorted(archive.word().title() for _ in range(2))
        tags = [{"slug": name.lower(), "name": name} for name in names]
        assert client.put(f"/api/posts/{post['slug']}/tags", json={"tags": names[::-1]}).json["tags"] == tags
        assert self.shown(client, post) == {**archive.listed(post), "tags": tags}, "new tags"

    def test_a_comment_counts_once_the_moderation_desk_approves_it(self, archive, client, post):
        before = archive.listed(post)
        comment = {"name": archive.word(), "text": archive.word()}
        made = client.post(f"/api/posts/{post['slug']}/comments", json=comment).json
        assert self.shown(client, post) == before, "the comment waits"
        archive.approve(made["id"])
        assert self.shown(client, post) == {**before, "comment_count": before["comment_count"] + 1}

    @requirement("R1", "A scheduled post does not appear when its time comes, or appears before.")
    def test_a_scheduled_post_appears_at_its_time(self, archive, client, clock):
        clock.freeze(at=archive.after)
        title = archive.word().title()
        scheduled = {"title": title, "body": "…", "publish_at": archive.iso(archive.after + 600)}
        assert client.post("/api/posts", json=scheduled).status_code == 201
        clock.advance(seconds=590)
        before = client.get("/api/posts?per_page=1").json
        assert [item["id"] for item in before["items"]] == [archive.live()[0]["id"]]
        clock.advance(seconds=10)
        after = client.get("/api/posts?per_page=1").json
        assert [item["title"] for item in after["items"]] == [title]
        assert after["total"] == before["total"] + 1
