import re

import pytest

from seedbank import create_app
from seedbank.extensions import db
from seedbank.seed import add_demo_collection


@pytest.fixture(params=[{"wild": "/wild", "crops": "/crops"}, {"wild": "/samling/vill", "crops": "/nytte"}])
def client(request):
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://", "SECTION_PATHS": request.param})
    with app.app_context():
        db.create_all()
        add_demo_collection()
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("mount", ["", "/collections/seeds"])
def test_every_address_on_every_page_is_there(client, mount):
    base = f"http://localhost{mount}/"
    todo, seen = [f"{mount}/"], set()
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        assert address.startswith(f"{mount}/")
        with client.get(address.removeprefix(mount), base_url=base) as answer:
            assert answer.status_code == 200, address
            text = answer.text if answer.mimetype == "text/html" else ""
        todo += [each.replace("&amp;", "&") for each in re.findall(r'(?:href|src)="([^"]*)"', text)]
    assert len(seen) > 20


@pytest.mark.parametrize("path", ["/store/boxes/007", "/store/levels/-1"])
def test_all_of_the_store_can_be_opened(client, path):
    assert client.get(path).status_code == 200


def test_a_wrong_method_is_405_and_a_wrong_address_404(client):
    assert client.get("/store/boxes/007/moves").status_code == 405
    assert client.post("/stores").status_code == 404
