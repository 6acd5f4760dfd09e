"""Attacks by a patch, and by the form or the JSON around an upload. To add one, add a row."""

# ruff: noqa: E501  a row is read as a row

from __future__ import annotations

from tests.adversarial.uploads.builders import CHANGE, GIT, NAMES, form, part, patched, rows, zipped
from tests.adversarial.uploads.model import Json, UploadAttack
from tests.submissions.builders import EDITABLE, zip_of

_DOES = "a patch that renames, deletes, makes links or binary files"
_HIDES = "hides a second diff in its message"
_TEXT = "CRLF and non-UTF-8"
_FORM = "multipart floods, repeated fields, a missing length, a slow body"
_BODY = "`grade=100` in every body"
_BOMBS = "zip, gzip and JSON bombs"
_NEW = "@@ -0,0 +1 @@\n+EVIL = 1\n"
_GOOD = GIT + NAMES + CHANGE
_MODE = GIT + "new file mode {mode}\n--- /dev/null\n+++ b/{path}\n"
_BINARY = f"index {'0' * 40}..bc669b642171cd11bec7c16ae9f20fd2979342ef\nGIT binary patch\nliteral 8\nPcmZQzWMXy=^Yj4#10Df4\n\nliteral 0\nHcmV?d00001\n\n"
_ARCHIVE = zip_of({"app/views.py": b"x = 1\n"})
_CHALLENGE = part("challenge", b"my-app")
_SENT = part("archive", _ARCHIVE, "x.zip")

_TABLE = [
    *rows(_DOES, "patches change content only", EDITABLE, [
        ("symlink-by-a-patch", "to have the host read what a link points to", "CVE-2023-23946", patched(
            _MODE.replace("{mode}", "120000") + "@@ -0,0 +1 @@\n+../../canary.txt\n\\ No newline at end of file\n", "app/link"), "symbolic link"),
        ("link-in-place-of-a-file", "the same by a change of type", "CVE-2023-23946", patched(
            GIT + "deleted file mode 100644\n" + "--- a/{path}\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-x = 1\n-y = 2\n\\ No newline at end of file\n"
            + _MODE.replace("{mode}", "120000") + "@@ -0,0 +1 @@\n+../../canary.txt\n\\ No newline at end of file\n", "app/noeol.py"), "deletes"),
        ("submodule-by-a-patch", "another repository", "CVE-2018-17456", patched(
            _MODE.replace("{mode}", "160000") + f"@@ -0,0 +1 @@\n+Subproject commit {'0' * 40}\n", "app/sub"), "submodule"),
        ("rename-by-a-patch", "a test that is no longer found", "", patched(
            "diff --git a/tests/test_views.py b/app/gone.py\nsimilarity index 100%\nrename from tests/test_views.py\nrename to app/gone.py\n"),
         "renames|not of the form"),
        ("copy-by-a-patch", "a file that is not in the patch", "", patched(
            "diff --git a/README.md b/app/copied.py\nsimilarity index 100%\ncopy from README.md\ncopy to app/copied.py\n"), "copies|not of the form"),
        ("deletion-by-a-patch", "a module that is not there any more", "", patched(
            GIT + "deleted file mode 100644\n--- a/{path}\n+++ /dev/null\n@@ -1 +0,0 @@\n-from app import views\n", "app/__init__.py"), "deletes"),
        ("deletion-by-the-name-alone", "the same without a mode", "", patched(
            "--- a/{path}\n+++ /dev/null\n@@ -1 +0,0 @@\n-from app import views\n", "app/__init__.py"), "deletes"),
        ("binary-by-a-patch", "bytes that nobody reads", "", patched(GIT + "new file mode 100644\n" + _BINARY, "app/x.bin"), "binary"),
        ("setuid-by-a-patch", "a program that runs as another", "", patched(_MODE.replace("{mode}", "104755") + _NEW, "app/x.py"), "mode 104755"),
    ]),
    *rows(_HIDES, "one patch, read whole", EDITABLE, [
        ("diff-in-the-message", "a change that a reader of the last diff does not see", "", patched(
            "Subject: fix\n\n" + _GOOD + "---\n\n app/views.py | 2 +-\n\n" + GIT.replace("{path}", "app/new.py")
            + "new file mode 100644\n--- /dev/null\n+++ b/app/new.py\n" + _NEW), "between or after diffs"),
        ("diff-after-the-signature", "a change behind what looks like the end", "", patched(
            _GOOD + "-- \n2.39.5\n\n" + GIT.replace("{path}", "app/new.py") + "new file mode 100644\n--- /dev/null\n+++ b/app/new.py\n" + _NEW), "after diffs"),
        ("file-twice-in-a-patch", "a change that is taken back, or not", "", patched(
            _GOOD + GIT + NAMES + CHANGE.replace("None", "EVIL").replace("+    return EVIL", "+    return 2")), "twice"),
        ("two-names-in-one-diff", "one name for the check, another for the change", "", patched(
            "diff --git a/app/views.py b/app/views.py\n--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-# App\n+EVIL\n"), "different files"),
        ("hunk-that-is-moved", "a change at another place than it says", "", patched(
            GIT + NAMES + "@@ -2,2 +2,2 @@\n def other():\n-    return 1\n+    return EVIL\n"), "does not fit"),
    ]),
    *rows("regular expressions that explode", "names are read once", EDITABLE, [
        ("quotes-without-end", "hours for one line, in which the API answers nobody", "CWE-1333", patched(
            'diff --git "a/' + '\\"' * 900_000 + "\n--- a/x\n+++ b/x\n"), "not of the form"),
    ]),
    *rows(_TEXT, "bytes are no text", EDITABLE, [
        ("patch-with-other-line-ends", "a change of every line", "", patched(_GOOD.replace("\n", "\r\n")), "CR LF"),
        ("patch-on-a-name-that-is-not-utf8", "a name that can't be stored", "", patched(
            b'diff --git "a/app/\\377.py" "b/app/\\377.py"\nnew file mode 100644\n--- /dev/null\n+++ "b/app/\\377.py"\n' + _NEW.encode()), "not UTF-8"),
        ("zip-name-that-is-not-utf8", "a name that readers guess", "", zipped(b"app/\xff.py"), "UTF-8"),
    ]),
    *rows(_FORM, "a form with known fields, each once", EDITABLE, [
        ("challenge-twice-in-a-form", "one challenge for the check, another for the grade", "", form(
            _CHALLENGE, part("challenge", b"other"), _SENT), "2 times"),
        ("archive-twice-in-a-form", "the same by two archives", "", form(_CHALLENGE, _SENT, _SENT), "2 times"),
        ("file-and-text-of-one-name", "the same by a field of each kind", "", form(_CHALLENGE, part("challenge", b"x", "x"), _SENT), "2 times"),
        ("form-of-900-parts", "time for each part", "", form(_CHALLENGE, _SENT, *(part(f"x{n}", b"") for n in range(900))), "not known"),
        ("part-without-a-name", "a part that no rule names", "", form(_CHALLENGE, _SENT, part(None, b"x")), "not known"),
    ]),
    *rows(_BODY, "a form with known fields, each once", EDITABLE, [
        ("grade-in-a-form", "to be given the grade that is asked for", "OWASP API3:2023", form(_CHALLENGE, _SENT, part("grade", b"100")), "not known"),
        ("status-in-a-form", "the same by the grading's status", "OWASP API3:2023", form(_CHALLENGE, _SENT, part("status", b"graded")), "not known"),
    ]),
    *rows(_BODY, "strict JSON", EDITABLE, [
        ("field-twice-in-json", "one value for the check, another for the use", "CVE-2017-12635", lambda: Json(
            b'{"role":"candidate","role":"admin"}'), "more than once"),
        ("not-a-number-in-json", "a number that compares with nothing", "", lambda: Json(b'{"points":NaN}'), "NaN is not JSON"),
        ("infinity-in-json", "a number above every limit", "", lambda: Json(b'{"points":Infinity}'), "Infinity is not JSON"),
    ]),
    *rows(_BOMBS, "JSON no deeper than the stack", EDITABLE, [
        ("json-bomb", "a stack that overflows", "CWE-674", lambda: Json(b"[" * 30_000 + b"]" * 30_000), "more than 2000 values"),
    ]),
]  # fmt: skip
ATTACKS = tuple(UploadAttack(*row) for row in _TABLE)  # type: ignore[arg-type]
