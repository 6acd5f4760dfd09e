"""R4: 404 and 405."""

from __future__ import annotations

from mendbox.testing import requirement


def allowed(answer):
    return {method.strip() for method in answer.headers.get("Allow", "").split(",")}


@requirement("R4", "Where seeds are taken out, GET is not answered with 405 and Allow.")
def test_taking_seeds_out_is_405_to_get(below, bank):
    for accession in bank.twins[0]:
        path = f"{bank.page_of(accession)}/withdrawals"
        answer = below.ask(path)
        assert answer.status_code == 405, path
        assert allowed(answer) - {"OPTIONS"} == {"POST"}, path


@requirement("R4", "Where the order of a list is chosen, GET is not answered with 405 and Allow.")
def test_choosing_an_order_is_405_to_get(place, bank):
    for path in bank.paths.values():
        answer = place.ask(f"{path}/order")
        assert answer.status_code == 405, path
        assert allowed(answer) - {"OPTIONS"} == {"POST"}, path


@requirement("R4", "For a number from before 1970, a wrong method is not answered with 405 and Allow.")
def test_older_numbers_are_no_exception(home, bank):
    for accession in bank.twins[1]:
        for path, taken in (("", {"GET", "HEAD"}), ("/label", {"GET", "HEAD"}), ("/withdrawals", {"POST"})):
            answer = home.ask(bank.page_of(accession) + path, "GET" if "POST" in taken else "POST")
            assert answer.status_code == 405, path
            assert allowed(answer) - {"OPTIONS"} == taken, path


@requirement("R4", "An address at which nothing is does not answer 404 to every method.")
def test_where_nothing_is_every_method_is_404(below, rng, word):
    methods = rng.sample(["POST", "PUT", "PATCH", "DELETE"], 4)
    for folder, method in zip(("", "/api", "/store", f"/{word()}"), methods, strict=True):
        answer = below.ask(f"{folder}/{word()}", method)
        assert answer.status_code == 404, f"{method} {folder}"
        assert "Not Found" in answer.text


@requirement("R4", "A wrong method or a wrong address that was told as such before no longer is.")
def test_other_wrong_methods_and_addresses_are_told_as_before(home, bank, rng, word):
    accession = rng.choice(bank.twins[0])
    moves = f"/store/boxes/{rng.choice(bank.upper_boxes).code}/moves"
    answer = home.ask(moves)
    assert (answer.status_code, allowed(answer) - {"OPTIONS"}) == (405, {"POST"}), moves
    expected = {
        bank.page_of(accession): {"GET", "HEAD"},
        f"{bank.page_of(accession)}/label": {"GET", "HEAD"},
        f"{bank.paths[accession.section]}/": {"GET", "HEAD"},
        "/store/": {"GET", "HEAD"},
        f"/api/accessions/{accession.id}": {"GET", "HEAD"},
        "/api/accessions": {"GET", "HEAD", "POST"},
    }
    for path, taken in expected.items():
        answer = home.ask(path, "DELETE")
        assert answer.status_code == 405, path
        assert taken <= allowed(answer), path
        assert "DELETE" not in allowed(answer)
    for path in (f"/{word()}/{word()}.html", f"/store/{word()}", f"/api/accessions/{accession.id + 900}"):
        assert home.ask(path).status_code == 404, path
