"""An archive drawn at random and kept on both sides: in the app's tables, and here as plain rows to compare with.

Whatever the draw, it holds: posts without author, tags or comments, some of them among the very newest; posts with
several tags and several comments; comments that wait for approval; drafts and scheduled posts; many posts from the same
moment; an author who never wrote, one with drafts only, one whose two newest posts share their moment and who has a
scheduled one; a tag with a comma in its name and one that no post has; titles with characters that XML escapes.
"""

import json
from datetime import UTC, datetime

import pytest

#: Seconds since the epoch: no archive is later than the one, and what is scheduled is scheduled for the other.
_LATEST = 1_767_225_600
_FAR_AHEAD = 4_070_908_800
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeiou"]

#: What the other systems know, written out and not taken from the app: a submission may not change it.
_TABLES = {
    "authors": ("id", "handle", "name"),
    "tags": ("id", "slug", "name"),
    "posts": ("id", "slug", "title", "summary", "body", "published_at", "author_id"),
    "post_tags": ("post_id", "tag_id"),
    "comments": ("id", "post_id", "name", "text", "approved", "created_at"),
}
#: From the brief: no listing takes more SQL statements than this.
MOST_STATEMENTS = 8


class Archive:
    """Rows of the five tables. `tags_of` maps a post's id to the ids of its tags, `comments_of` to its comments.

    `after` is a moment after every live post and before every scheduled one.
    """

    def __init__(self, database, rng):
        self._database = database
        self._rng = rng
        self.after = _LATEST - 60 * rng.randrange(500_000)
        self.moments = [self.after - 86_400 - 3_600 * hours for hours in range(60)]
        self._words = set()
        self.authors, self.tags, self.posts, self.comments = {}, {}, {}, {}
        self.tags_of, self.comments_of = {}, {}
        self._new = {}

    # Drawing rows. Nothing reaches the tables before `send`.

    def word(self):
        while True:
            word = "".join(self._rng.choices(_SYLLABLES, k=4))
            if word not in self._words:
                self._words.add(word)
                return word

    def author(self):
        first, last = self.word(), self.word()
        return self._row(self.authors, "authors", handle=first, name=f"{first.title()} {last.title()}")

    def tag(self, suffix=""):
        word = self.word()
        return self._row(self.tags, "tags", slug=word, name=word.title() + suffix)

    def post(self, author=None, tags=(), published_at=None, comments=(0, 0)):
        """`comments` is how many are approved and how many wait."""
        subject, other = self.word(), self.word()
        number = len(self.posts) + 1
        post = self._row(
            self.posts,
            "posts",
            slug=f"{subject}-{number}",
            title=f"{subject.title()} & <{other}>" if number % 4 == 0 else f"{subject.title()} {other}",
            summary=f"About {subject}." if number % 3 else "",
            body=f"{subject} {other} " * 4,
            published_at=published_at,
            author_id=author and author["id"],
        )
        self.tags_of[post["id"]] = [tag["id"] for tag in tags]
        self._new.setdefault("post_tags", []).extend(
            {"post_id": post["id"], "tag_id": tag["id"]} for tag in self._rng.sample(list(tags), len(tags))
        )
        states = [True] * comments[0] + [False] * comments[1]
        self._rng.shuffle(states)
        for approved in states:
            self.comment(post, approved)
        return post

    def comment(self, post, approved):
        comment = self._row(
            self.comments,
            "comments",
            post_id=post["id"],
            name=self.word(),
            text=f"{self.word()} {self.word()}",
            approved=approved,
            created_at=self.after - 3_600 + len(self.comments),
        )
        self.comments_of.setdefault(post["id"], []).append(comment)
        return comment

    def issue(self, posts):
        """Newer posts than all before, each with an author, two tags and two comments that are new as well."""
        return [
            self.post(
                self.author(),
                [self.tag(), self.tag()],
                published_at=self.after - 60 * (posts - number),
                comments=(2, 1),
            )
            for number in range(posts)
        ]

    def send(self):
        """Write what was drawn since the last time, as the import does: into the tables, past the app."""
        batch, self._new = self._new, {}
        for table, columns in _TABLES.items():
            rows = [{name: self._stored(name, row[name]) for name in columns} for row in batch.get(table, [])]
            if rows:
                names = ", ".join(columns)
                # Names of our own, written out above.
                insert = f"INSERT INTO {table} ({names}) SELECT {names} FROM"
                self._database.execute(f"{insert} json_populate_recordset(NULL::{table}, %s::json)", json.dumps(rows))
            if rows and "id" in columns:
                last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                self._database.execute(last)

    def approve(self, comment_id):
        """Approve a comment as the moderation desk does: in the table."""
        self._database.execute("UPDATE comments SET approved = true WHERE id = %s", comment_id)

    def _stored(self, name, value):
        return self.iso(value)[:-1] if name.endswith("_at") and value is not None else value

    def _row(self, rows, table, **values):
        # What is stored later has a higher id, though not the next one.
        last = max(rows) if rows else self._rng.randrange(1_000, 9_000)
        row = {"id": last + self._rng.randrange(1, 9), **values}
        rows[row["id"]] = row
        self._new.setdefault(table, []).append(row)
        return row

    # What the app must answer.

    @staticmethod
    def iso(moment):
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def live(self):
        live = [post for post in self.posts.values() if post["published_at"] and post["published_at"] <= self.after]
        return sorted(live, key=lambda post: (post["published_at"], post["id"]), reverse=True)

    def approved(self, post):
        return [comment for comment in self.comments_of.get(post["id"], []) if comment["approved"]]

    def tags_by_name(self, post):
        return sorted((self.tags[tag] for tag in self.tags_of[post["id"]]), key=lambda tag: tag["name"])

    def listed(self, post):
        author = self.authors.get(post["author_id"])
        return {
            "id": post["id"],
            "slug": post["slug"],
            "title": post["title"],
            "summary": post["summary"],
            "published_at": self.iso(post["published_at"]),
            "author": author and {"handle": author["handle"], "name": author["name"]},
            "tags": [{"slug": tag["slug"], "name": tag["name"]} for tag in self.tags_by_name(post)],
            "comment_count": len(self.approved(post)),
        }

    def listed_author(self, author):
        posts = [post for post in self.live() if post["author_id"] == author["id"]]
        return {
            "handle": author["handle"],
            "name": author["name"],
            "post_count": len(posts),
            "topics": sorted({tag["name"] for post in posts for tag in self.tags_by_name(post)}),
            "latest_post": {"slug": posts[0]["slug"], "title": posts[0]["title"]} if posts else None,
        }

    def listed_authors(self):
        by_name = sorted(self.authors.values(), key=lambda author: author["name"])
        return [self.listed_author(author) for author in by_name]


@pytest.fixture
def archive(database, rng):
    """64 to 67 posts by 15 authors in the app's tables."""
    return draw(database, rng, 56 + rng.randrange(4))


@pytest.fixture
def long_archive(database, rng):
    """134 to 137 posts by 15 authors: more are live than the longest page holds."""
    return draw(database, rng, 126 + rng.randrange(4))


def draw(database, rng, posts):
    """An archive of `posts` posts and eight more that every one holds."""
    drawn = Archive(database, rng)
    writers = [drawn.author() for _ in range(11)]
    drawn.prolific, drawn.twin, drawn.drafter, drawn.silent = (drawn.author() for _ in range(4))
    drawn.beat = drawn.tag()
    tags = [drawn.beat, drawn.tag(", tools"), *(drawn.tag() for _ in range(12))]
    drawn.unused = drawn.tag()

    for number in range(1, posts + 1):
        if number % 7 == 0:
            author = None
        elif number % 5 == 0:
            author = drawn.prolific
        else:
            author = writers[number % len(writers)]
        chosen = rng.sample(tags[1:], number % 4)
        if number % 3 == 0:
            chosen.append(drawn.beat)
        moment = rng.choice(drawn.moments)
        if number % 11 == 0:
            moment = None
        elif number % 13 == 0:
            moment = _FAR_AHEAD + 60 * number
        approved, waiting = (number // 4) % 4, rng.randrange(3)
        drawn.post(author, chosen, moment, (approved, waiting))
    drawn.post(drawn.twin, [tags[1], tags[2]], drawn.moments[0], (3, 1))
    drawn.post(drawn.twin, [tags[1], tags[3]], drawn.moments[0], (0, 2))
    drawn.post(drawn.twin, [tags[4]], drawn.moments[5], (1, 0))
    drawn.post(drawn.twin, [tags[6]], _FAR_AHEAD)
    drawn.post(drawn.drafter, [tags[5]], None)
    # On every first page and in every feed: what a join could lose or double.
    drawn.post(None, [tags[2], drawn.beat, tags[1]], drawn.moments[0], (2, 1))
    drawn.post(None, [], drawn.moments[0])
    drawn.post(drawn.prolific, [], drawn.moments[0], (1, 1))
    drawn.send()
    return drawn


@pytest.fixture
def count(client, queries):
    """`count(path)` gives the answer and how many SQL statements it took, by the database's own count."""

    def ask(path):
        with queries() as seen:
            answer = client.get(path)
        return answer, len(seen)

    return ask


@pytest.fixture
def few():
    """Whether a number of statements is what the brief allows. None at all: the answer isn't from the database."""
    return lambda statements: 1 <= statements <= MOST_STATEMENTS
