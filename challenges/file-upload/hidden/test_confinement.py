"""R1: names of uploads and addresses lead nowhere else."""

from __future__ import annotations

from sending import Part, is_error, path_of

from mendbox.testing import requirement


def hostile(app, desk, word):
    """Names that lead somewhere else, and the last part of each."""
    victim = desk.other.photos[0]
    new, root = f"{word()}.png", app.call("mendbox_harness:data_dir")
    return {
        f"../{victim.path}": victim.name,
        f"../../{new}": new,
        f"{root}/{new}": new,
        f"{root}/evidence/{victim.path}": victim.name,
        f"sub/../../../settings/{new}": new,
        f"..\\..\\{new}": new,
        f"/{victim.path}": victim.name,
    }


@requirement("R1", "A photo with a name that leads somewhere else isn't taken in like any other, or lands there.")
def test_a_photo_with_a_hostile_name_is_one_like_any_other(app, client, desk, send, make, shows, word):
    elsewhere = app.call("mendbox_harness:elsewhere")
    sent = []

    for name, last in hostile(app, desk, word).items():
        data = make()
        answer = send.photos(desk.busy, Part(data, name))
        assert answer.status_code == 201, name
        (photo,) = answer.json["photos"]
        assert photo["name"] == last
        sent.append((photo["url"], data))

    assert all(shows(url, data) for url, data in sent)
    assert app.call("mendbox_harness:elsewhere") == elsewhere
    assert all(shows(path_of(photo), photo.data) for photo in desk.other.photos)
    stored = app.call("mendbox_harness:evidence")
    assert set(desk.paths()) <= set(stored)
    assert len(stored) == len(desk.paths()) + len(sent)


@requirement("R1", "An estimate with a name that leads somewhere else isn't taken in like any other, or lands there.")
def test_an_estimate_with_a_hostile_name_is_one_like_any_other(app, client, desk, send, make, shows, word):
    elsewhere = app.call("mendbox_harness:elsewhere")
    own = f"/claims/{desk.busy.number}/estimate"

    for name, last in hostile(app, desk, word).items():
        data = make("application/pdf")
        answer = send.estimate(desk.busy, Part(data, name, "application/pdf"))
        assert answer.status_code == 200, name
        assert answer.json["estimate"]["name"] == last
        assert shows(own, data)

    assert app.call("mendbox_harness:elsewhere") == elsewhere
    assert all(shows(path_of(photo), photo.data) for photo in desk.other.photos)
    assert shows(f"/claims/{desk.other.number}/estimate", desk.other.estimate.data)


@requirement("R1", "By an address that leads out of the claim's photos, something else can be read.")
def test_nothing_but_the_claims_own_photos_is_read_by_an_address(app, client, desk, send, make, shows, word):
    root = app.call("mendbox_harness:data_dir").rstrip("/")
    victim, own = desk.other.photos[0], f"/claims/{desk.busy.number}/files"
    addresses = [
        f"{own}/../{victim.path}",
        f"{own}/..%2F{victim.path}",
        f"{own}/DCIM/../../{victim.path}",
        f"{own}/../{desk.busy.estimate.path}",
        f"{own}/../../settings.txt",
        f"{own}/../../claims.db",
        f"{own}/../../evidence-archive/{desk.fresh.number}/{desk.archived}",
        f"{own}/%2F{root.lstrip('/')}/settings.txt",
        f"{own}/./{root}/settings.txt",
        "/claims/../files/settings.txt",
        f"/claims/..%2Fevidence-archive%2F{desk.fresh.number}/files/{desk.archived}",
        f"/claims/estimates/files/{desk.busy.estimate.name}",
        f"/claims/./files/{victim.path}",
        f"/claims/{word()}/files/{victim.name}",
        f"{own}/{word()}.png",
        f"{own}/DCIM",
    ]

    for address in addresses:
        answer = client.get(address, follow_redirects=True)
        assert is_error(answer, 404), address

    data = make()
    (photo,) = send.photos(desk.busy, Part(data, f"{word()}.png")).json["photos"]
    assert shows(photo["url"], data)
    foreign = photo["url"].replace(desk.busy.number, desk.other.number)
    assert is_error(client.get(foreign), 404)


@requirement("R1", "The links to photos or estimates from before no longer work.")
def test_links_from_before_work(client, desk, shows):
    for claim in (desk.busy, desk.other, desk.twins):
        answer = client.get(f"/claims/{claim.number}").json
        assert answer["holder"] == claim.holder
        assert [shows(photo["url"], row.data) for photo, row in zip(answer["photos"], claim.photos, strict=True)] == [
            True
        ] * len(claim.photos)
        assert shows(answer["estimate"]["url"], claim.estimate.data)

    assert shows(path_of(desk.nested), desk.nested.data)
    assert shows(path_of(desk.busy.photos[0]), desk.busy.photos[0].data)
