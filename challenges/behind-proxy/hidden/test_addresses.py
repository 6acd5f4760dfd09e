"""R1: an address is the visitor's, wherever one counts."""

from __future__ import annotations

from ways import ALL, PROXIED, either

from mendbox.testing import requirement


@requirement("R1", "A report that was sent by the form is kept with another address than the visitor's.")
def test_the_form_keeps_the_visitors_address(club, site, visitors, place, rng):
    for there in map(site, ALL):
        sent = {place(): visitor for visitor in visitors()}
        for where, visitor in sent.items():
            assert there.but(visitor=visitor).report(rng.choice(club.trails), where).status_code == 303
        assert there.kept() == sent | {report.place: report.address for report in club.reports}


@requirement("R1", "A report that was sent by the API is kept with another address than the visitor's.")
def test_the_api_keeps_the_visitors_address(club, site, visitors, place, rng):
    for there in map(site, ALL):
        sent = {place(): visitor for visitor in visitors()}
        for where, visitor in sent.items():
            assert there.but(visitor=visitor).phone(rng.choice(club.trails), where).status_code == 201
        assert there.kept() == sent | {report.place: report.address for report in club.reports}


@requirement("R1", "Visitors share the number of reports that each of them has in a day, or have more.")
def test_everybody_has_a_day_of_their_own(club, site, visitors, place, rng):
    for there in map(site, PROXIED):
        trail = rng.choice(club.trails)
        for visitor in visitors():
            mine = there.but(visitor=visitor)
            for number in range(club.daily):
                sent = mine.report(trail, place()) if number % 2 else mine.phone(trail, place())
                assert sent.status_code == (303 if number % 2 else 201)
            assert mine.phone(trail, place()).status_code == 429
            assert mine.report(trail, place()).status_code == 429


@requirement("R1", "A report from a blocked address is taken, or one from another address is not.")
def test_a_blocked_address_is_the_visitors(club, site, visitors, place, rng):
    for there in map(site, ALL):
        trail, (blocked, *others) = rng.choice(club.trails), rng.sample(visitors(), 3)
        assert there.desk().ask("/desk/blocked", "POST", data={"address": blocked}).status_code == 303

        refused = there.but(visitor=blocked)
        assert refused.phone(trail, place()).status_code == 403
        assert refused.report(trail, place()).status_code == 403
        for other in others:
            sent = there.but(visitor=other).phone(trail, place())
            assert (sent.status_code, sent.json["trail"]) == (201, trail.slug)


@requirement("R1", "The desk is open to somebody outside the office, or closed to somebody in it.")
@either
def test_the_desk_is_for_the_office(club, site, visitors, kinds):
    for there in map(site, kinds):
        assert club.reports[0].address in there.desk().ask("/desk/").text
        assert there.kept() == {report.place: report.address for report in club.reports}

        for visitor in visitors():
            outside = there.but(visitor=visitor)
            for path in ("/desk/", "/desk/reports", "/desk/mails", "/desk/blocked"):
                assert outside.ask(path).status_code == 403, path
            assert outside.ask("/desk/blocked", "POST", data={"address": visitor}).status_code == 403
