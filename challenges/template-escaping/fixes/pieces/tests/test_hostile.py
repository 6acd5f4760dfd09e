import html
import re

import pytest

HOSTILE = '</script><b x="1">O\'Neill & \\'


@pytest.fixture
def page(client):
    client.post("/climbers", data={"name": HOSTILE, "website": "javascript:alert(1)"})
    client.post("/boulders", data={"name": HOSTILE, "grade": "6a", "wall": HOSTILE, "setter": "4"})
    return client.post("/boulders/4/notes", data={"climber": "4", "text": HOSTILE}, follow_redirects=True).text


def test_what_was_written_adds_no_element(page):
    assert "<b x" not in page
    assert html.unescape(re.search(r'aria-label="([^"]*)"', page)[1]) == HOSTILE


@pytest.mark.parametrize("path", ["/", "/climbers", "/climbers/4", "/screen"])
def test_no_page_takes_it_for_html(client, page, path):
    shown = client.get(path).text

    assert "<b x" not in shown
    assert 'href="javascript:' not in shown
