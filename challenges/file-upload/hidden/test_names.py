"""R2: every file is kept, whatever its name."""

from __future__ import annotations

from sending import Part, path_of

from mendbox.testing import requirement


@requirement("R2", "Of photos that are called the same, sent in one second or in one request, not each is kept.")
def test_photos_of_one_name_are_all_kept(client, clock, desk, rng, send, make, shows, word):
    clock.freeze(at=1_800_000_000 + rng.randrange(10**7))
    name = f"{word()}.png"
    files = [make() for _ in range(5)]

    answers = [
        send.photos(desk.busy, Part(files[0], name)),
        send.photos(desk.busy, Part(files[1], name), Part(files[2], name)),
        send.photos(desk.fresh, Part(files[3], name)),
        send.photos(desk.busy, Part(files[4], desk.plain.name)),
    ]

    assert [answer.status_code for answer in answers] == [201] * 4
    photos = [photo for answer in answers for photo in answer.json["photos"]]
    assert [photo["name"] for photo in photos] == [name] * 4 + [desk.plain.name]
    assert all(shows(photo["url"], data) for photo, data in zip(photos, files, strict=True))
    assert len({photo["url"] for photo in photos}) == 5
    assert shows(path_of(desk.plain), desk.plain.data)


@requirement("R2", "Of photos that are called the same and arrive at the same moment, not each is kept.")
def test_photos_of_one_name_at_the_same_moment_are_both_kept(app, concurrently, desk, send, make, shows, word):
    name = f"{word()}.png"
    files = [make(), make()]
    app.call("mendbox_harness:meet_at_writing", 2)

    answers = concurrently([lambda data=data: send.photos(desk.fresh, Part(data, name)) for data in files])

    assert [answer.status_code for answer in answers] == [201, 201]
    photos = [answer.json["photos"][0] for answer in answers]
    assert all(shows(photo["url"], data) for photo, data in zip(photos, files, strict=True))


@requirement("R2", "An estimate that is called like that of another claim takes its place there, too.")
def test_estimates_of_one_name_are_kept_for_each_claim(client, clock, desk, rng, send, make, shows, word):
    clock.freeze(at=1_800_000_000 + rng.randrange(10**7))
    name = f"{word()}.pdf"
    one, other, third = (make("application/pdf") for _ in range(3))

    answers = [
        send.estimate(desk.busy, Part(one, name, "application/pdf")),
        send.estimate(desk.fresh, Part(other, name, "application/pdf")),
        send.estimate(desk.fresh, Part(third, desk.other.estimate.name, "application/pdf")),
    ]

    assert [answer.json["estimate"]["name"] for answer in answers] == [name, name, desk.other.estimate.name]
    assert shows(f"/claims/{desk.busy.number}/estimate", one)
    assert shows(f"/claims/{desk.fresh.number}/estimate", third)
    assert shows(f"/claims/{desk.other.number}/estimate", desk.other.estimate.data)


@requirement("R2", "A photo is not shown under the last part of the name that was sent, whatever is in it.")
def test_the_name_is_the_last_part_of_what_was_sent(client, desk, send, make, shows, word):
    text = word()
    names = {
        f"写真 {text}.jpg": f"写真 {text}.jpg",
        f'  Öl & "Rost" – {text}  (2).PNG': f'  Öl & "Rost" – {text}  (2).PNG',
        f"Camera/2026/{text}.jpg": f"{text}.jpg",
        f"folder\\{text}.png": f"{text}.png",
        f"a/{text}\\.hidden": ".hidden",
        f"{text}/": "unnamed",
        f"{text}\\..": "unnamed",
        f"{text}/.": "unnamed",
    }
    expected = []

    for sent, kept in names.items():
        # Twice, since the second one's name is taken.
        for data in (make(), make()):
            answer = send.photos(desk.fresh, Part(data, sent))
            assert answer.status_code == 201, sent
            (photo,) = answer.json["photos"]
            assert photo["name"] == kept
            assert shows(photo["url"], data), sent
            expected.append(kept)
    assert send.names(desk.fresh) == expected


@requirement("R2", "A photo or an estimate with a long name is not taken.")
def test_a_name_may_be_long(client, desk, rng, send, make, shows, word):
    for ending in (".jpg", "ü", "." + "x" * 300):
        name = "".join(word() for _ in range(40))[: 400 - len(ending)] + ending
        for data in (make(), make()):
            answer = send.photos(desk.fresh, Part(data, name))
            assert answer.status_code == 201
            (photo,) = answer.json["photos"]
            assert (len(name), photo["name"]) == (400, name)
            assert shows(photo["url"], data)
    data = make("application/pdf")
    assert send.estimate(desk.fresh, Part(data, name)).json["estimate"]["name"] == name
    assert shows(f"/claims/{desk.fresh.number}/estimate", data)


@requirement("R2", "Photos of one request are no longer shown as before: order, note, size, time, page.")
def test_photos_are_shown_as_before(client, clock, desk, send, make, word):
    clock.freeze(at=1_767_225_600 + 86_400)
    note, names, files = f"{word()} & {word()}", [f"{word()}.png" for _ in range(3)], [make() for _ in range(3)]

    parts = [Part(data, name, "image/png") for data, name in zip(files, names, strict=True)]
    answer = send.photos(desk.busy, *parts, note=note)

    assert answer.status_code == 201
    shown = [
        {key: value for key, value in photo.items() if key not in ("id", "url")} for photo in answer.json["photos"]
    ]
    assert shown == [
        {
            "name": name,
            "content_type": "image/png",
            "size": len(data),
            "note": note,
            "uploaded_at": "2026-01-02T00:00:00",
        }
        for data, name in zip(files, names, strict=True)
    ]
    claim = client.get(f"/claims/{desk.busy.number}").json
    assert claim["photos"][len(desk.busy.photos) :] == answer.json["photos"]
    old = [{key: value for key, value in photo.items() if key != "url"} for photo in claim["photos"]]
    assert old[: len(desk.busy.photos)] == [photo.shown for photo in desk.busy.photos]
    page = client.get(f"/desk/{desk.busy.number}").text
    assert f">{names[2]}</a>: {note.replace('&', '&amp;')}</li>" in page
