"""R1: the list of posts."""

import pytest

from mendbox.testing import requirement

TOO_MANY = "GET /api/posts runs more SQL statements than allowed for one page, or a number that grows with the page."
CHANGED = "GET /api/posts does not list the same posts, with the same fields, in the same order as before."
STALE = "GET /api/posts shows old data after a change."


@requirement("R1", TOO_MANY)
class TestStatements:
    def test_the_longest_page_takes_few(self, archive, count, few):
        answer, statements = count("/api/posts?per_page=100")
        assert few(statements)
        assert answer.json["items"] == [archive.listed(post) for post in archive.live()[:100]]

    def test_a_long_page_takes_no_more_than_a_short_one(self, archive, count, few):
        short, statements_short = count("/api/posts?per_page=10")
        long, statements_long = count("/api/posts?per_page=80")
        assert (len(short.json["items"]), len(long.json["items"])) == (10, 80)
        assert few(statements_short)
        assert 1 <= statements_long <= statements_short

    def test_new_authors_and_tags_take_no_more(self, archive, count, few):
        newest = archive.issue(12)[::-1]
        archive.send()
        answer, statements = count("/api/posts?per_page=12")
        assert few(statements)
        assert answer.json["items"] == [archive.listed(post) for post in newest]

    @pytest.mark.parametrize("table", ["authors", "post_tags", "comments"])
    def test_what_belongs_to_posts_is_not_read_post_by_post(self, archive, watch, table):
        answer, statements = watch("/api/posts?per_page=100")
        assert answer.json["items"] == [archive.listed(post) for post in archive.live()[:100]]
        assert len(statements) >= 1
        assert sum(table in statement for statement in statements) <= archive.most_statements


@requirement("R1", CHANGED)
class TestAnswers:
    def test_every_page_is_as_before(self, archive, client):
        live = archive.live()
        for number, start in enumerate(range(0, len(live), 45), 1):
            assert client.get(f"/api/posts?page={number}&per_page=45").json == {
                "items": [archive.listed(post) for post in live[start : start + 45]],
                "page": number,
                "per_page": 45,
                "pages": 3,
                "total": len(live),
            }

    @requirement("R1", "A post without author, without tags or without comments is not listed as before.")
    def test_posts_that_lack_something_are_listed(self, archive, client):
        live = archive.live()[:100]
        items = {item["id"]: item for item in client.get("/api/posts?per_page=100").json["items"]}
        for lacks in (
            lambda post: post["author_id"] is None,
            lambda post: not archive.tags_of[post["id"]],
            lambda post: not archive.approved(post),
        ):
            lacking = [post for post in live if lacks(post)]
            assert lacking
            assert [items.get(post["id"]) for post in lacking] == [archive.listed(post) for post in lacking]

    @requirement("R1", "Page numbers and sizes are not checked as before, or a page past the end is not empty.")
    def test_pages_that_cannot_be_are_refused_and_past_the_end_there_is_nothing(self, archive, client):
        for query in ("page=0", "page=two", "per_page=0", "per_page=101"):
            assert client.get(f"/api/posts?{query}").status_code == 400
        assert client.get("/api/posts?page=9").json == {
            "items": [],
            "page": 9,
            "per_page": 20,
            "pages": -(-len(archive.live()) // 20),
            "total": len(archive.live()),
        }

    @requirement("R1", "GET /api/posts/<slug> does not answer as before.")
    def test_a_single_post_is_as_before(self, archive, client):
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
        }


@requirement("R1", STALE)
class TestChanges:
    @pytest.fixture
    def post(self, archive, client):
        """A post on the first page, which has been read before."""
        client.get("/api/posts?per_page=100")
        return next(post for post in archive.live() if post["author_id"] and archive.tags_of[post["id"]])

    def shown(self, client, post):
        items = client.get("/api/posts?per_page=100").json["items"]
        return next(item for item in items if item["id"] == post["id"])

    def test_an_author_s_new_name_shows(self, archive, client, post):
        author = archive.authors[post["author_id"]]
        author["name"] = f"{archive.word()} {archive.word()}"
        assert client.patch(f"/api/authors/{author['handle']}", json={"name": author["name"]}).status_code == 200
        assert self.shown(client, post) == archive.listed(post)

    def test_new_tags_show(self, archive, client, post):
        names = sorted(archive.word().title() for _ in range(2))
        tags = [{"slug": name.lower(), "name": name} for name in names]
        assert client.put(f"/api/posts/{post['slug']}/tags", json={"tags": names[::-1]}).json["tags"] == tags
        assert self.shown(client, post) == {**archive.listed(post), "tags": tags}

    def test_a_comment_counts_once_the_moderation_desk_approves_it(self, app, archive, client, post):
        before = archive.listed(post)
        comment = {"name": archive.word(), "text": archive.word()}
        made = client.post(f"/api/posts/{post['slug']}/comments", json=comment).json
        assert self.shown(client, post) == before
        app.call("mendbox_harness:approve", made["id"])
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
