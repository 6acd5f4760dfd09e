"""R1: which tokens let anyone in."""

from __future__ import annotations

from expected import bearer, me
from mendbox_harness import ALPHABET, seconds

from mendbox.testing import requirement


@requirement("R1", "A part of a secret, or one with something added to it, lets someone in.")
def test_a_secret_is_whole(client, county, rng):
    token = rng.choice([county.a_reader, county.b_desk])
    secret = token["secret"]
    cut = rng.randrange(2, len(secret) - 2)
    for sent in ("", secret[0], secret[:cut], secret[:-1], secret[1:], secret + rng.choice(ALPHABET), secret * 2):
        answer = client.get("/me", headers=bearer(token | {"secret": sent}))
        assert answer.status_code == 401, f"{len(sent)} characters"

    answer = client.get("/me", headers=bearer(token))
    assert (answer.status_code, answer.json) == (200, me(county, token))


@requirement("R1", "Something that is no token of anyone is not answered with 401.")
def test_a_secret_is_right(client, county, word, rng):
    token, other = county.a_desk, county.b_desk
    key, secret = token["key"], token["secret"]
    place = rng.randrange(len(secret))
    changed = secret[:place] + rng.choice(ALPHABET.replace(secret[place], "")) + secret[place + 1 :]
    for sent in (
        *(f"{key}.{changed}", f"{key}.{other['secret']}", f"{word()}.{secret}", f"{key[:-1]}.{secret}"),
        *(f"{key}.{secret[:-1]}é", f"é{key}.{secret}", f"{key}.{'ü' * len(secret)}"),
        *(key, secret, f".{secret}", f"{key}.{secret.swapcase()}", ".", ""),
        *(f"{key}.{secret}.{word()}", f"{key}.{secret} {word()}", f"{key}.{secret},", f"{key}.{word() * 300}"),
    ):
        answer = client.get("/me", headers={"Authorization": f"Bearer {sent}"})
        assert answer.status_code == 401, sent.replace(secret, "<secret>")

    assert client.get("/me", headers=bearer(token)).json == me(county, token)


@requirement("R1", "A token goes on working when it has expired, or ends too early.")
def test_a_token_ends_when_it_expires(client, county, clock):
    ends = seconds(county.soon["expires_at"])
    clock.freeze(at=ends - 1)
    alive = client.get("/me", headers=bearer(county.soon))
    assert (alive.status_code, alive.json) == (200, me(county, county.soon))

    clock.advance(seconds=1)
    assert client.get("/me", headers=bearer(county.soon)).status_code == 401
    clock.advance(seconds=30_000)
    assert client.get("/me", headers=bearer(county.soon)).status_code == 401
    assert client.get("/me", headers=bearer(county.expired)).status_code == 401
    assert client.get("/me", headers=bearer(county.a_desk)).json == me(county, county.a_desk)


@requirement("R1", "A token that was made for some days lives longer, or not as long.")
def test_a_made_token_lives_for_its_days(client, county, clock, word, rng):
    clock.freeze(at=rng.randrange(1_800_000_000, 2_000_000_000))
    days, label = rng.randrange(2, 300), word()
    sent = {"label": label, "role": "desk", "days": days}
    made = client.post("/tokens", json=sent, headers=bearer(county.b_desk)).json
    headers = {"Authorization": f"Bearer {made['token']}"}
    shown = me(county, county.b_desk) | {"key": made["key"], "label": label}

    for wait in (0, days * 86_400 - 1):
        clock.advance(seconds=wait)
        assert client.get("/me", headers=headers).json == shown
    clock.advance(seconds=1)
    assert client.get("/me", headers=headers).status_code == 401


@requirement("R1", "A token that was revoked is not answered with 401.")
def test_a_revoked_token_is_dead(client, county):
    assert client.get("/me", headers=bearer(county.revoked)).status_code == 401
    assert client.get("/me", headers=bearer(county.c_desk)).json == me(county, county.c_desk)

    client.delete(f"/tokens/{county.c_desk['key']}", headers=bearer(county.office))

    assert client.get("/me", headers=bearer(county.c_desk)).status_code == 401


@requirement("R1", "A token that is whole and alive no longer lets its library in.")
def test_living_tokens_are_let_in(client, county, rng):
    tokens = [county.office, county.a_desk, county.a_reader, county.b_desk, county.b_reader, county.c_desk]
    for token in tokens:
        scheme = rng.choice(("Bearer", "bearer", "BEARER"))
        answer = client.get("/me", headers={"Authorization": f"{scheme} {token['key']}.{token['secret']}"})
        assert (answer.status_code, answer.json) == (200, me(county, token))
