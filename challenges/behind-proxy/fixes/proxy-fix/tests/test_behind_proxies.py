import pytest

VISITOR = "203.0.113.5"
#: What the club's web server writes, and what the park's two proxies write.
CLUB = {"For": VISITOR, "Proto": "https", "Host": "www.club.example", "Prefix": "/trails"}
PARK = {
    "For": f"{VISITOR}, 198.51.100.1",
    "Proto": "https, http",
    "Host": "www.club.example, origin.club.example",
    "Prefix": "/trails, /app",
}
SITES = pytest.mark.parametrize(("proxies", "written"), [(1, CLUB), (2, PARK)], ids=["club", "park"])
REPORT = {"trail": "ridge-way", "kind": "landslip", "place": "under the top"}


def headers(written, before=None):
    """The proxies' values, behind those that a visitor wrote."""
    if before is not None:
        written = {name: f"{before}, {value}" for name, value in written.items()}
    return {f"X-Forwarded-{name}": value for name, value in written.items()}


@SITES
@pytest.mark.parametrize("before", [None, "forged"])
def test_a_request_is_the_visitors(make, proxies, written, before):
    client = make(PROXIES=proxies, OFFICE=[f"{VISITOR}/32"])
    sent = client.post("/api/reports", json=REPORT, headers=headers(written, before))
    assert sent.location == "https://www.club.example/trails/api/reports/3"
    kept = client.get("/desk/reports", headers=headers(written, before)).json["reports"][-1]
    assert kept["address"] == VISITOR


@SITES
def test_a_page_is_below_its_path(make, proxies, written):
    page = make(PROXIES=proxies).get("/trails/larch-loop/", headers=headers(written)).text
    for path in ("/trails/static/trails.css", "/trails/trails/larch-loop/reports", "/trails/trails/larch-loop/?all=1"):
        assert f'"{path}"' in page


@SITES
def test_there_is_one_redirect_to_https(make, proxies, written):
    client = make(PROXIES=proxies, HTTPS_ONLY=True)
    assert client.get("/", headers=headers(written)).status_code == 200
    by_http = written | {"Proto": written["Proto"].replace("https", "http", 1)}
    assert client.get("/", headers=headers(by_http)).location == "https://www.club.example/trails/"


def test_without_a_proxy_headers_say_nothing(make):
    client = make(OFFICE=[f"{VISITOR}/32"])
    assert client.get("/desk/", headers=headers(CLUB)).status_code == 403
    assert "http://localhost/feed.atom" in client.get("/feed.atom", headers=headers(CLUB)).text


@pytest.mark.parametrize("written", [{}, CLUB], ids=["no proxy", "one proxy of two"])
def test_who_has_not_passed_all_proxies_is_the_connection(make, written):
    sent = make(PROXIES=2).post("/api/reports", json=REPORT, headers=headers(written))
    assert sent.location == "http://localhost/api/reports/3"
