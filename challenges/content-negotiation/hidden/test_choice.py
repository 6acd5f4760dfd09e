"""R1: which format it is."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R1", "The format with the highest weight is not given.")
def test_the_highest_weight_decides(board):
    board.gives("calls", "text/html;q={low}, application/json;q={high}, text/csv;q={middle}", "json")
    board.gives("calls", "application/json;q={high},text/csv", "csv")
    board.gives("call", "text/html;q={low}, text/calendar;q={middle}, application/json;q=0.1", "ics")
    board.gives("berths", "application/json;q={low}, text/csv;q={middle}", "csv")
    board.gives("calls", "text/csv;q={low}, image/png, application/json;q={middle}, text/html;q={high}", "html")


@requirement("R1", "A range with a star does not stand for all the formats that it should.")
def test_ranges_with_a_star(board):
    board.gives("berths", "text/*", "csv")
    board.gives("calls", "text/*", "html")
    board.gives("calls", "application/*, text/html;q={high}", "json")
    board.gives("berths", "application/json;q={low}, */*;q={middle}", "csv")
    board.gives("call", "image/*, text/calendar;q={low}, */*;q={middle}", "html")


@requirement("R1", "A format has not the weight of the range that names it most exactly.")
def test_the_range_that_names_a_format_most_exactly_counts(board):
    board.gives("berths", "*/*;q={high}, application/json;q={low}", "csv")
    board.gives("calls", "text/*;q={high}, text/html;q={low}, application/json;q={middle}", "csv")
    board.gives("call", "text/*;q={low}, */*;q={middle}", "json")
    board.gives("calls", "*/*;q={high}, text/*;q={low}, text/csv", "csv")


@requirement("R1", "A format with a weight of 0 is given, or takes others with it.")
def test_a_weight_of_nought_rules_out(board):
    board.gives("calls", "*/*, text/html;q=0", "json")
    board.gives("calls", "text/*, text/html;q=0.000", "csv")
    board.gives("call", "text/*;q=0, */*;q={low}", "json")
    board.gives("berths", "application/json;q=0, text/csv;q=0.001", "csv")


@requirement("R1", "Of formats with the same weight, not the one is given that the brief says.")
def test_formats_of_the_same_weight(board):
    board.gives("calls", "application/json, text/plain, */*", "json")
    board.gives("berths", "*/*, text/csv", "csv")
    board.gives("call", "text/calendar;q={middle}, text/*;q={middle}, */*;q={middle}", "ics")
    board.gives("call", "*/*;q={high}, text/calendar;q={middle}, application/*;q={high}", "json")
    board.gives("calls", "text/csv;q={low}, application/json;q={low}", "json")
    board.gives("call", "text/calendar, application/json, text/html", "html")


@requirement("R1", "Capital letters, spaces or parameters in `Accept` make a difference.")
def test_how_it_is_spelt_makes_no_difference(board):
    board.gives("calls", "Text/CSV", "csv")
    board.gives("call", "TEXT/HTML ;q={low},APPLICATION/Json ; q={middle} , x/y", "json")
    board.gives("calls", "text/html;Q={low}, application/json;Q={middle}", "json")
    board.gives("calls", "application/json;charset=utf-8", "json")
    board.gives("berths", "text/csv;header=present;q={high}, application/json;q={low}", "csv")


@requirement("R1", "A type that merely looks like one of the formats is taken for it.")
def test_what_looks_like_a_format(board):
    board.gives("calls", "application/json-seq, text/csv;q={low}", "csv")
    board.gives("call", "text/html-sandboxed, application/json;q={low}", "json")
    board.gives("berths", "text/csv-schema, x-text/csv, application/json;q={low}", "json")


@requirement("R1", "A range that can't be read is not left out, or takes others with it.")
def test_ranges_that_can_not_be_read(board):
    board.gives("calls", "csv, text/html;q=high, application/json;q={low}", "json")
    board.gives("berths", "*/csv, application/json;q={low}, text/csv;q=1.5", "json")
    board.gives("call", "text/html;q=-{high}, ics;q={high}, text/calendar;q={middle}, application/json;q=much", "ics")


@requirement("R1", "`?format=` does not name the format whatever `Accept` says.")
def test_a_link_names_the_format(board):
    board.gives("calls", "text/html", "csv", "format=csv")
    board.gives("berths", "text/csv", "json", "format=json")
    board.gives("call", "application/json", "ics", "format=ics")
    board.gives("call", "image/png", "html", "format=html")


@requirement("R1", "A client that does not mind no longer gets what comes first in the README.")
def test_who_does_not_mind_gets_the_first(board):
    for address, first in (("calls", "html"), ("call", "html"), ("berths", "json")):
        for accept in (None, "", "*/*", "*/*;q={low}"):
            board.gives(address, accept, first)


@requirement("R1", "A browser, or a program that accepts one format alone, is no longer answered as before.")
def test_simple_clients(board):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
    board.gives("calls", browser, "html")
    board.gives("call", browser, "html")
    board.gives("berths", browser, "json")
    board.gives("calls", "application/json", "json")
    board.gives("calls", "text/csv", "csv")
    board.gives("call", "text/calendar", "ics")
    board.gives("berths", "text/csv", "csv")
