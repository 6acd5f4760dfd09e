import pytest

PARCELS = "/api/v1/parcels"


def statuses(client, headers, count):
    return [client.get(PARCELS, headers=headers).status_code for _ in range(count)]


def test_one_accounts_sync_leaves_the_others_alone(client, nordwind):
    assert statuses(client, nordwind, 6)[-1] == 429
    assert statuses(client, {"X-Api-Key": "demo-papierhaus-1"}, 1) == [200]


def test_the_keys_of_an_account_share_one_budget(client, nordwind):
    assert statuses(client, nordwind, 3) == [200] * 3
    assert statuses(client, {"X-Api-Key": "demo-nordwind-2"}, 3) == [200, 200, 429]


@pytest.mark.parametrize("start_s", [0, 31, 59])
def test_a_new_minute_does_not_double_the_limit(client, clock, nordwind, start_s):
    clock.advance(start_s)
    assert statuses(client, nordwind, 5) == [200] * 5
    clock.advance(59.5)
    assert statuses(client, nordwind, 1) == [429]
    clock.advance(0.5)
    assert statuses(client, nordwind, 6) == [200] * 5 + [429]


def test_a_refusal_says_when_to_come_back(client, clock, nordwind):
    statuses(client, nordwind, 1)
    clock.advance(12.5)
    statuses(client, nordwind, 4)
    refused = client.get(PARCELS, headers=nordwind)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "48"
    assert refused.headers["X-RateLimit-Remaining"] == "0"


def test_guessing_tracking_numbers_counts(client):
    assert [client.get(f"/track/PX{n:010d}").status_code for n in range(5)] == [404] * 4 + [429]
