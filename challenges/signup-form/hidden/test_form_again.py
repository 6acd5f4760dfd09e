"""R2: the form as it comes back."""

from __future__ import annotations

from mendbox_harness import DIETS
from pages import Page, as_listed, as_sent, refused

from mendbox.testing import requirement


@requirement("R2", "Of several faults in one form not each has its message, or a field without a fault has one, too.")
def test_all_that_is_wrong_is_said_at_once(client, filled, members_since, word):
    form = filled(handle=f"{word()}!", email=word(), guests="two", pin_again="", rules=None)
    refused(client.post("/join", data=form), "handle", "email", "guests", "pin_again", "rules")

    form = filled(name="", born=word(), evening="", diet=[word()], notes=word(501), pin="1", pin_again="1")
    page = refused(client.post("/join", data=form), "name", "born", "evening", "diet", "notes", "pin")
    assert page.fields["handle"] == [form["handle"]]
    assert members_since() == []


@requirement("R2", "What was typed, chosen or ticked is not in the form that comes back, or a PIN is.")
def test_all_that_was_sent_is_there_again(client, filled, rng, word):
    wrong = {
        "handle": f'{word()} "{word()}" &',
        "email": f"{word()} & <{word()}>",
        "guests": word(),
        "pin_again": f"{rng.randrange(10**7, 10**8)}",
    }
    for field, value in wrong.items():
        form = filled(**{field: value})
        answer = client.post("/join", data=form)

        page = refused(answer, field)

        assert page.fields == as_sent(form, pin="", pin_again="")
        assert form["pin"] not in answer.text
        assert form["pin_again"] not in answer.text


@requirement("R2", "A form that was refused can't be mended and sent again as it stands in the page.")
def test_the_form_can_be_mended_and_sent_again(client, filled, members_since, word):
    form = filled(name="", born="", diet=[])
    page = refused(client.post("/join", data=form), "name", "born")
    mended = {"name": f'{word()} "{word()}"', "born": "1969-12-31"}

    pins = {"pin": form["pin"], "pin_again": form["pin"]}
    answer = client.post("/join", data=page.sent | mended | pins)

    assert answer.status_code == 303
    assert members_since() == [as_listed(form | mended)]


@requirement("R2", "The form that comes back has chosen what is not offered, or has forgotten what is.")
def test_what_is_not_offered_is_not_chosen(client, house, filled, word):
    known, unknown = DIETS[1], word()
    form = filled(evening=house.closed.slug, diet=[known, unknown])

    page = refused(client.post("/join", data=form), "evening", "diet")

    assert house.closed.slug not in page.offered["evening"]
    assert page.fields["diet"] == [known]
    assert page.fields["evening"] != [house.closed.slug]
    assert page.fields["name"] == [form["name"]]


@requirement("R2", "The form that nobody has filled in yet is not as it was.")
def test_a_new_form_is_empty_and_offers_what_is_open(client, house, filled, word):
    client.post("/join", data=filled(handle=f"{word()}?", diet=list(DIETS)))

    answer = client.get("/join")
    page = Page(answer.text)

    assert answer.status_code == 200
    assert page.messages == {}
    texts = {name: [""] for name in ("handle", "name", "email", "born", "notes", "pin", "pin_again")}
    assert page.fields == texts | {"evening": page.fields["evening"], "guests": ["0"]}
    offered = {slug: title for slug, title in page.offered["evening"].items() if slug}
    assert offered == {evening.slug: evening.title for evening in house.open}
    assert set(page.offered["diet"]) == set(DIETS)
    assert set(page.offered["rules"]) == {"yes"}
