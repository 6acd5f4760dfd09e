"""R5: what the index says of each operation."""

from __future__ import annotations

from expected import bearer

from mendbox.testing import requirement

OPERATIONS = [
    ("GET", "/", "Say what there is."),
    ("GET", "/copies", "Search the copies of all libraries."),
    ("POST", "/copies", "Add a copy to the own library."),
    ("GET", "/copies/<int:number>", "Show a copy."),
    ("GET", "/libraries", "List the libraries."),
    ("GET", "/loans", "List the loans that the own library takes part in."),
    ("POST", "/loans", "Ask another library for a copy."),
    ("GET", "/loans/<int:number>", "Show a loan."),
    ("POST", "/loans/<int:number>/cancel", "Take a request back."),
    ("POST", "/loans/<int:number>/send", "Say that a copy is on its way."),
    ("GET", "/loans/<int:number>/slip", "Print the slip that goes into the parcel."),
    ("GET", "/loans/export", "Export all loans as CSV."),
    ("GET", "/me", "Say who is asking."),
    ("GET", "/tokens", "List the tokens of the own library, and all of them for the office."),
    ("POST", "/tokens", "Make a token for the own library."),
    ("DELETE", "/tokens/<key>", "Revoke a token."),
]


@requirement("R5", "The index does not say of each operation what it does.")
def test_the_index_has_a_sentence_for_each_operation(client, county):
    shown = [{"method": method, "path": path, "summary": text} for method, path, text in OPERATIONS]
    for headers in ({}, bearer(county.b_reader)):
        answer = client.get("/", headers=headers)
        assert (answer.status_code, answer.json) == (200, {"service": county.service, "operations": shown})


@requirement("R5", "The index no longer lists all operations by path and method.")
def test_the_index_has_each_operation(client, county):
    answer = client.get("/").json

    assert [(each["method"], each["path"]) for each in answer["operations"]] == [each[:2] for each in OPERATIONS]
    assert answer["service"] == county.service
