"""R3: pages and redirects lead to the site below its path."""

from __future__ import annotations

from ways import PROXIED, either

from mendbox.testing import requirement


@requirement("R3", "A link on a page does not lead to what it says.")
@either
def test_links_lead_on(club, site, rng, kinds):
    for there in map(site, kinds):
        trail = rng.choice(club.trails)
        reports = [report for report in club.reports if report.trail is trail]
        closed = next(report for report in reports if not report.open)

        start = there.page("/")
        assert list(start.links) == ["All trails", *(each.name for each in club.trails)]
        page = there.page(there.path_of(start.links[trail.name]))
        assert (page.heading, closed.line in page.links) == (trail.name, False)
        everything = there.page(there.path_of(page.links["All reports"]))
        assert {report.line for report in reports} <= set(everything.links)
        report = there.page(there.path_of(everything.links[closed.line]))
        assert report.heading == f"Report {closed.id}"
        assert there.page(there.path_of(report.links[trail.name])).heading == trail.name
        page = there.page(there.path_of(everything.links["Open reports"]))
        assert (page.heading, closed.line in page.links) == (trail.name, False)

        desk = there.desk().page("/desk/")
        assert there.path_of(desk.links["Blocked addresses"]) == "/desk/blocked"
        assert there.path_of(desk.links[closed.place]) == f"/reports/{closed.id}"


@requirement(
    "R3", "A page, be it of an error, does not find its style sheet, its picture or its feed, or leads to no other."
)
def test_pages_are_dressed(club, site, place, rng):
    newest = next(report for report in reversed(club.reports) if report.open)
    for there in map(site, PROXIED):
        missing = f"/trails/{place().replace(' ', '-')}/"
        shown = f"/reports/{rng.choice(club.reports).id}"
        for page in (there.page(shown), there.page(missing, 404), there.desk().page("/desk/")):
            assert there.path_of(page.links["All trails"]) == "/"
            loaded = {answer.mimetype: answer.text for answer in map(there.follow, page.loads)}
            assert "max-width" in loaded["text/css"]
            assert "<svg" in loaded["image/svg+xml"]
            assert f"<summary>{newest.place}</summary>" in loaded["application/atom+xml"]


@requirement("R3", "Who has reported something is not led to the report.")
def test_reporting_leads_to_the_report(club, site, place, rng):
    for there in map(site, PROXIED):
        trail, where = rng.choice(club.trails), place()
        (form,) = there.page(f"/trails/{trail.slug}/").forms
        sent = there.follow(form, "POST", data={"kind": "wasps", "place": where, "name": "", "email": ""})
        page = there.page(there.sent_to(there.path_of(form), sent))
        assert f"wasps, {where}" in page.text
        assert page.links[trail.name] == f"{there.base}/trails/{trail.slug}/"


@requirement("R3", "Who has withdrawn a report, or blocked an address, is not led on.")
def test_withdrawing_and_blocking_lead_on(club, site, place, rng):
    for there in map(site, PROXIED):
        trail, where, recipient = rng.choice(club.trails), place(), f"{rng.getrandbits(40):x}@hikers.example"
        assert there.report(trail, where, fields={"email": recipient}).status_code == 303
        token = there.withdrawal(recipient).rpartition("/")[2]
        (form,) = there.page(f"/withdraw/{token}").forms
        page = there.page(there.sent_to(there.path_of(form), there.follow(form, "POST", data={"sure": "yes"})))
        assert (page.heading, where in page.text) == (trail.name, False)

        desk, address = there.desk(), f"192.0.2.{rng.randrange(1, 255)}"
        (form,) = desk.page("/desk/blocked").forms
        page = desk.page(desk.sent_to(desk.path_of(form), desk.follow(form, "POST", data={"address": address})))
        assert page.heading == "Blocked addresses"
        assert address in page.text
