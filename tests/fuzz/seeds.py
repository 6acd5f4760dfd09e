"""Writes the seed corpus: a few honest inputs for each target, from which a fuzzer finds the rest.

python -m tests.fuzz.seeds
"""

from __future__ import annotations

import gzip
import tarfile
from pathlib import Path

from api.git.lines import FLUSH, line
from api.git.protocol import MAIN, NOTHING
from runner.inside.frames import Frame, encode
from runner.submissions.git_starter import starter_repository
from tests.fuzz.targets import piece
from tests.submissions.builders import diff_of, tar_of, zip_member, zip_of, zip_raw
from tests.submissions.git_packs import by_id, by_offset, copy, delta, id_of, insert, pack, whole

CORPUS = Path(__file__).parent / "corpus"
_FILES = {"app/views.py": b"def show():\n    return 7\n", "app/new.py": b"z = 1\n", "extra/a b.py": b"no end"}
_HEADERS = b'"headers":[["Content-Type","text/html; charset=utf-8"],["Set-Cookie","a=\\"b c\\"; Max-Age=9; Path=/"]]}'
_PART = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'


def _seeds() -> dict[str, list[bytes]]:
    answer = Frame("answer", {"id": "a", "ok": True, "status": "200 OK", "headers": [["A", "b"]]}, b"body")
    loaded = Frame("loaded", {"ok": False, "message": "no", "oom_kills": 1})
    said = encode(answer) + encode(loaded)
    form = (
        _PART % (b"challenge", b"", b"my-app")
        + _PART % (b"patch", b'; filename="x.patch"', diff_of(_FILES))
        + b"--b--\r\n"
    )
    starter = starter_repository("my-app", _FILES)
    entry, made = whole("blob", b"text"), delta(4, 5, copy(1, 2), insert(b"end"))
    return {
        "frames": [said, encode(Frame("x", {"a": [1, 2.5, {"b": None}], "c": "\u00fc"}))],
        "strict_json": [b'{"a":[1,2.5e3,null,true],"b":{"c":"\\u00fc\\ud83d\\ude00"}}', b"[[[]]]", b"-0.5"],
        "intake": [piece(1, said), piece(2, b"oops\n") + piece(1, said[:20]) + piece(1, said[20:])],
        "answers": [
            b'\x00\x05hello{"t":"answer","ok":true,"status":"404 NOT FOUND",' + _HEADERS,
            b"\x01\x01" + b'1{"t":"answer","ok":true}',
            b'\x03\x0a["SELECT"]{"t":"answer","ok":true,"mark":3}',
            b'\x01\x00{"t":"answer","ok":false,"raised":["ValueError","x"]}',
            b'\x02\x00{"t":"answer","ok":true,"now":1e3}',
            b'\x00\x00{"t":"answer","fault":"died","message":"gone"}',
        ],
        "relay": [
            bytes([0, 0, 0, 10, 0, 4, 0, 0, 4, 0, 0, 1, 0, 4, 0, 4, 0, 1, 2, 5, 29]),
            bytes([2, 9]) + b'"ok":true' + bytes([0, 0, 1]) + bytes([0, 4, 0]) * 3 + bytes([4, 0, 0]) * 3,
            (bytes([0, 0]) + bytes([0, 1, 0])) * 4 + bytes([0, 3]),
        ],
        "zips": [
            zip_of(_FILES)[2:],
            zip_of(_FILES, 0)[2:],
            zip_raw(zip_member(b"app/x.py"), zip_member(b"app/y/"))[2:],
        ],
        "tars": [
            gzip.decompress(tar_of(_FILES)),
            gzip.decompress(tar_of({"app/" + "n" * 120 + ".py": b"1\n"}, tarfile.GNU_FORMAT)),
            gzip.decompress(tar_of({"app/" + "n" * 120 + ".py": b"1\n"}, tarfile.PAX_FORMAT)),
        ],
        "gzips": [tar_of({"app/x.py": b"1\n"})[2:]],
        "patches": [diff_of(_FILES), b"From: a\n\n---\n" + diff_of(_FILES) + b"-- \n2.39.5\n\n"],
        "paths": [b"app/views.py", "app/gr\u00fc\u00dfe \u65e5.py".encode(), b"a/b/c/../d", b"NUL.txt", b"a:b\\c"],
        "multipart": [form],
        "packs": [
            starter.pack[:-20],
            pack(entry, by_offset(len(entry), made), by_id(id_of("blob", b"text"), made))[:-20],
        ],
        "pushes": [
            line(f"{NOTHING} {starter.head} {MAIN}\0report-status".encode()) + FLUSH + starter.pack,
            line(f"want {starter.head} side-band-64k".encode()) + FLUSH + line(b"done"),
        ],
    }


def main() -> None:
    """Write them; what a target had before goes."""
    for target, seeds in _seeds().items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for number, seed in enumerate(seeds):
            (folder / f"seed-{number}").write_bytes(seed)


if __name__ == "__main__":
    main()
