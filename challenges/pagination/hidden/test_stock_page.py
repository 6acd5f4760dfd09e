"""R5: the stock page in the browser."""

from __future__ import annotations

from html import unescape

from lists import chunks, parts

from mendbox.testing import requirement


@requirement("R5", "The pager of the stock page does not have a link to each page of the whole stock.")
def test_the_pager_leads_to_every_page(warehouse, stock_page):
    expected = chunks([part["number"] for part in parts(warehouse)], warehouse.per_page)

    first = stock_page("/stock")

    assert first.parts == expected[0]
    assert list(first.numbered) == [str(number) for number in range(1, len(expected) + 1)]
    assert first.current == ["1"]
    assert set(first.related) == {"next"}
    assert stock_page(first.related["next"]).parts == expected[1]
    last = stock_page(first.numbered[str(len(expected))])
    assert (last.parts, last.current, set(last.related)) == (expected[-1], [str(len(expected))], {"prev"})
    assert stock_page(last.related["prev"]).parts == expected[-2]


@requirement("R5", "With categories chosen, the pager has too many or too few pages, or leads to other parts.")
def test_the_pager_is_that_of_the_chosen_categories(warehouse, stock_page, rng):
    for chosen in ([warehouse.even], rng.sample([warehouse.odd, warehouse.small], 2)):
        sort = "-number"
        found = [part["number"] for part in parts(warehouse, *chosen, sort=sort)]
        expected = chunks(found, warehouse.per_page)
        page = stock_page("/stock", category=chosen, sort=sort)

        assert page.parts == expected[0]
        assert list(page.numbered) == [str(number) for number in range(1, len(expected) + 1)]
        second = stock_page(page.related["next"])
        assert (second.parts, second.current) == (expected[1], ["2"])
        assert stock_page(second.related["prev"]).parts == expected[0]
        assert stock_page(second.numbered[str(len(expected))]).parts == expected[-1]
        assert ("next" in second.related) == (len(expected) > 2)


@requirement("R5", "A stock page that cannot be is shown, or refused as JSON.")
def test_a_stock_page_that_cannot_be_is_refused(client, warehouse, stock_page, rng):
    word = "".join(rng.choices("abdegimnor", k=7))
    whole = -(-len(warehouse.parts) // warehouse.per_page)
    refused = [({"page": value}, 400) for value in (word, "", "0", f"-{rng.randrange(1, 50)}", "+1", "1_0")]
    refused += [({"page": whole + 1}, 404), ({"page": 10 ** rng.randrange(19, 30)}, 404)]
    refused += [({"page": 3, "category": warehouse.even}, 404), ({"page": 2, "category": warehouse.small}, 404)]
    for query, status in refused:
        answer = client.get("/stock", query_string=query)
        assert (answer.status_code, answer.mimetype) == (status, "text/html"), query

    last = stock_page("/stock", category=warehouse.even, page=2)
    assert last.parts == [part["number"] for part in parts(warehouse, warehouse.even)][warehouse.per_page :]


@requirement("R5", "The stock page no longer shows the parts that were chosen, or fails where there is none.")
def test_the_stock_page_shows_what_was_chosen(client, warehouse, stock_page, rng):
    answer = client.get("/stock", query_string={"category": [warehouse.small], "sort": "-number"})
    assert answer.status_code == 200
    assert warehouse.small in unescape(answer.text)

    page = stock_page("/stock", category=warehouse.small, sort="-number")
    assert page.parts == [part["number"] for part in parts(warehouse, warehouse.small, sort="-number")]
    word = "".join(rng.choices("abdegimnor", k=7))
    assert stock_page("/stock", category=word).parts == []
    assert client.get("/stock", query_string={"sort": word}).status_code == 400
