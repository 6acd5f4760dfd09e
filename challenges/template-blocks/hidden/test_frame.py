"""R1: the frame around every page."""

from __future__ import annotations

from mendbox.testing import requirement

SECTIONS = {"/shows": "Shows", "/schedule": "Schedule", "/saved": "Saved"}


def check_frame(page, station, title, section=None, listener=None):
    assert page.one("title").text == f"{title} | {station.name}"
    assert len([meta for meta in page.all("meta") if "charset" in meta.attributes]) == 1
    assert "width=device-width" in page.one("meta", name="viewport").get("content")
    styles = [link for link in page.all("link", rel="stylesheet") if link.get("href").endswith("/skerry.css")]
    scripts = [script for script in page.all("script") if (script.get("src") or "").endswith("/skerry.js")]
    assert (len(styles), len(scripts)) == (1, 1)

    header = page.one("header")
    assert header.one("a", "station").text == station.name
    links = header.one("nav").all("a")
    assert {link.get("href"): link.text for link in links} == SECTIONS
    current = [link.get("href") for link in links if link.get("aria-current") not in {None, "false"}]
    assert current == ([section] if section else [])
    assert all(link.get("aria-current") == "page" for link in links if link.get("href") == section)
    assert header.one("p", "on-air")
    assert header.one("p", "listener").text.startswith(listener["name"] if listener else "Sign in")
    assert page.one("main")
    genres = [genre.text for beside in page.all("ul", "genres") for genre in beside.all("li")]
    assert genres == station.genres() or (genres == [] and page.all("meta", name="description"))


@requirement("R1", "The page of a show lacks a part of the frame, or has one twice.")
def test_the_page_of_a_show_has_the_frame(show, station):
    for row in (station.few, station.many):
        check_frame(show(f"/shows/{row['id']}"), station, row["title"], "/shows")


@requirement("R1", "The page of an episode lacks a part of the frame, or has one twice.")
def test_the_page_of_an_episode_has_the_frame(show, station):
    for row in (station.plain, station.of(station.many)[0]):
        check_frame(show(f"/episodes/{row['id']}"), station, row["title"], "/shows")


@requirement("R1", "The printed list lacks a part of the frame, or has one twice.")
def test_the_printed_list_has_the_frame(show, station, sign_in):
    page = show("/saved/print", sign_in(station.empty))

    check_frame(page, station, "Saved for later", "/saved", station.empty)


@requirement("R1", "A page that had the whole frame has it no longer.")
def test_the_other_pages_have_the_frame_as_before(show, station, sign_in):
    check_frame(show("/"), station, "Listen again")
    check_frame(show("/shows"), station, "Shows", "/shows")
    check_frame(show(f"/schedule?day={station.day}"), station, "Schedule", "/schedule")
    check_frame(show("/login"), station, "Sign in")
    check_frame(show("/nowhere", status=404), station, "Dead air")
    unknown = show(f"/shows/{max(row['id'] for row in station.shows) + 1}", status=404)
    assert (unknown.one("title").text, unknown.one("h1").text) == (f"Dead air | {station.name}", "Dead air")
    check_frame(show("/saved", sign_in(station.empty)), station, "Saved for later", "/saved", station.empty)
