"""Lists and figures count what one sees."""

from __future__ import annotations

from shown import figures, glossary_lines, line, notes_seen, seen, uncounted

from mendbox.testing import requirement


def listed(answer):
    """What a list shows, but for the numbers of notes."""
    return answer.json | {"documents": [uncounted(shown) for shown in answer.json["documents"]]}


def expected(documents, page, per_page):
    """What page `page` of a list of `documents` shows."""
    return {
        "documents": [line(each) for each in documents[(page - 1) * per_page : page * per_page]],
        "page": page,
        "pages": -(-len(documents) // per_page),
        "total": len(documents),
    }


@requirement("R2", "A client's list is not their documents page by page, with the total and the pages of just these.")
def test_a_clients_list_counts_their_own(ask, bureau):
    documents = seen(bureau, bureau.client)
    for page in (1, 2):
        answer = ask(bureau.client).get(f"/documents?page={page}&per_page=3")
        assert listed(answer) == expected(documents, page, 3)
    assert listed(ask(bureau.newcomer).get("/documents")) == expected([], 1, 20)


@requirement(
    "R2", "A translator's list is not the documents that she sees, each once, with the total and the pages of these."
)
def test_a_translators_list_counts_her_own(ask, bureau):
    documents = seen(bureau, bureau.translator)
    assert listed(ask(bureau.translator).get("/documents")) == expected(documents, 1, 20)
    answer = ask(bureau.translator).get("/documents?page=2&per_page=3")
    assert listed(answer) == expected(documents, 2, 3)


@requirement("R2", "A list that is searched or filtered counts documents that the one who asks does not see.")
def test_filters_count_what_one_sees(ask, bureau):
    for person in (bureau.client, bureau.translator):
        found = [each for each in seen(bureau, person) if each.title.startswith(bureau.topic)]
        assert listed(ask(person).get(f"/documents?q={bureau.topic}&per_page=1")) == expected(found, 1, 1)
    at_work = [each for each in seen(bureau, bureau.client) if each.state == "in work"]
    assert listed(ask(bureau.client).get("/documents?state=in+work")) == expected(at_work, 1, 20)


@requirement("R2", "Figures count what the one who asks does not see, or name its states or languages.")
def test_figures_are_of_what_one_sees(ask, bureau):
    for person in (bureau.client, bureau.translator, bureau.newcomer):
        assert ask(person).get("/figures").json == figures(bureau, person)


@requirement(
    "R2", "The list of glossaries shows more or fewer than one sees, or counts documents that one does not see."
)
def test_glossaries_are_those_that_one_sees(ask, bureau):
    for person in (bureau.translator, bureau.client):
        assert ask(person).get("/glossaries").json == {"glossaries": glossary_lines(bureau, person)}


@requirement("R2", "A document counts notes that the one who asks does not see.")
def test_notes_are_counted_as_one_sees_them(ask, bureau):
    opened = f"/documents/{bureau.opened.id}"
    for person in (bureau.client, bureau.translator):
        shown = {each["number"]: each["notes"] for each in ask(person).get("/documents").json["documents"]}
        assert shown == {each.id: len(notes_seen(person, each)) for each in seen(bureau, person)}
    assert ask(bureau.client).get(opened).json["notes"] == len(notes_seen(bureau.client, bureau.opened))


@requirement("R2", "A manager's lists or figures are no longer of all that there is.")
def test_a_managers_lists_count_everything(ask, bureau):
    manager = ask(bureau.manager)
    assert listed(manager.get("/documents?page=2&per_page=4")) == expected(seen(bureau, bureau.manager), 2, 4)
    assert listed(manager.get("/documents?page=9")) == expected(seen(bureau, bureau.manager), 9, 20)
    assert manager.get("/figures").json == figures(bureau, bureau.manager)
    assert manager.get("/glossaries").json == {"glossaries": glossary_lines(bureau, bureau.manager)}
