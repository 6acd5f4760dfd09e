import threading

from coreshed.services import DemoScanner


def test_a_request_without_a_token_is_nobodys(client, ask):
    assert ask("ada", "/me", unit="ft").status_code == 200
    assert client.get("/me").status_code == 401
    assert client.get("/about").json["length"].endswith(" m")


def test_what_was_refused_leaves_neither_a_note_nor_a_table_in_use(ask):
    for _ in range(3):
        assert ask("ada", "/cores/2/scans", method="POST", json={"top_mm": 5, "bottom_mm": 4}).status_code == 400
    assert ask("cleo", "/cores/2/scans", method="POST", json={"top_mm": 0, "bottom_mm": 9}).json["table"] == 1
    assert [note["who"] for note in ask("ada", "/cores/2/notes").json["notes"]] == ["Cleo Sandvik"]


class SlowScanner(DemoScanner):
    def __init__(self):
        self.asked, self.go_on = threading.Event(), threading.Event()

    def scan(self, *args, **options):
        self.asked.set()
        self.go_on.wait(5)
        return super().scan(*args, **options)


def test_another_request_meanwhile_changes_nothing(client, ask):
    scanner = client.application.config["SCANNER"] = SlowScanner()
    answers = []
    body = {"top_mm": 0, "bottom_mm": 3048}
    slow = threading.Thread(
        target=lambda: answers.append(ask("ada", "/cores/2/scans", unit="ft", method="POST", json=body))
    )
    slow.start()
    scanner.asked.wait(5)
    assert ask("cleo", "/cores/2").json["bottom"] == "60.96 m"
    scanner.go_on.set()
    slow.join()
    assert answers[0].json["bottom"] == "10.00 ft"
    assert [note["who"] for note in ask("bo", "/cores/2/notes").json["notes"]] == ["Cleo Sandvik", "Ada Berg"]
