from xml.etree import ElementTree

ATOM = {"atom": "http://www.w3.org/2005/Atom"}


def test_the_feed_lists_live_posts(client):
    answer = client.get("/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.text)
    titles = [title.text for title in feed.findall("atom:entry/atom:title", ATOM)]
    assert titles == ["The night market", "Old maps"]
