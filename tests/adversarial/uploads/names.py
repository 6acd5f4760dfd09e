"""Attacks by a name alone, and by the file's place. To add one, add a row: (name, tries, precedent, build, reason)."""

# ruff: noqa: E501  a row is read as a row

from __future__ import annotations

from tests.adversarial.uploads.builders import new_file, on_disk, patched, rows, tarred, zipped
from tests.adversarial.uploads.model import UploadAttack
from tests.submissions.builders import EDITABLE

ANY = ("**",)
_OUT = "`../`, absolute, drive letters, back-slashes, NUL"
_ODD = "trailing dots and spaces, bidi and control characters"
_LONG = "300-character names, 100-deep paths, 100,000 entries"
_TWINS = "duplicate names, names equal under case folding or Unicode normalisation"
OUTSIDE = "uploading edited tests, harness, manifest, inventory, weights"
_UNEDITABLE = "files outside the editable globs, by case or Unicode twin"
_PLUGINS = "pytest11 entry points; sitecustomize, usercustomize, .pth"
_GIT = "a patch that … touches `.git`"

_TABLE = [
    *rows(_OUT, "path rules", ANY, [
        ("parent-folder-in-a-zip", "a file beside the folder it is unpacked to", "Zip Slip", zipped("../up.py"), "segment '..'"),
        ("parent-folder-in-a-tar", "the same in a tar", "CVE-2007-4559", tarred("../up.py"), "segment '..'"),
        ("parent-folder-in-a-patch", "the same in a patch", "CVE-2010-4651", new_file("../up.py"), "segment '..'"),
        ("parent-folder-further-down", "out through a folder that exists", "Zip Slip", zipped("app/../../up.py"), "segment '..'"),
        ("back-inside-by-another-way", "a second name for an editable file", "", zipped("app/../app/views.py"), "segment '..'"),
        ("here-segment", "a second name for a file of the starter", "", zipped("app/./views.py"), "segment '.'"),
        ("empty-segment", "a second name by a doubled slash", "", tarred("app//views.py"), "empty segment"),
        ("absolute-path-in-a-zip", "a file of the host", "Zip Slip", zipped("/etc/cron.d/evil"), "absolute"),
        ("absolute-path-in-a-tar", "the same in a tar", "CVE-2007-4559", tarred("/etc/cron.d/evil"), "absolute"),
        ("absolute-path-in-a-patch", "the same in a patch", "", new_file("/etc/cron.d/evil"), "absolute"),
        ("drive-letter", "a file on another drive of Windows", "", zipped("C:/evil.py"), "drive letter"),
        ("alternate-data-stream", "a stream of a file on Windows", "", zipped("app/views.py:evil"), "colon"),
        ("back-slashes", "a parent folder where back-slashes part names", "Zip Slip", zipped("app\\..\\..\\up.py"), "back-slash"),
        ("nul-in-a-name", "a name that is cut off behind its check", "CVE-2006-7243", zipped("app/evil.py\0.txt"), "NUL"),
    ]),
    *rows(_ODD, "path rules", ANY, [
        ("trailing-dot", "the name of another file on Windows", "", zipped("app/views.py."), "ends in a dot"),
        ("trailing-space", "the same with a space", "", zipped("app/views.py "), "ends in a dot or a space"),
        ("trailing-space-of-a-folder", "the same of a folder", "", tarred("app /views.py"), "ends in a dot or a space"),
        ("bidi-override", "a name that reads otherwise than it is", "CVE-2021-42574", zipped("app/sweiv\u202eyp.py"), "bidi"),
        ("zero-width-joiner", "two names that look the same", "", zipped("app/vie\u200dws.py"), "invisible"),
        ("no-break-space", "the same by a blank that is none", "", zipped("app/a\u00a0b.py"), "invisible"),
        ("ansi-codes-in-a-name", "the terminal of whoever lists the files", "CVE-2019-9535", zipped("app/\x1b[2Jx.py"), "control"),
        ("newline-in-a-name", "a second line in a list of files", "", tarred("app/a\nhidden/test_x.py"), "control"),
        ("c1-control-in-a-name", "the same by a control code of Latin-1", "", zipped("app/\x85x.py"), "invisible"),
        ("line-separator-in-a-name", "a line break in JavaScript", "", zipped("app/\u2028x.py"), "invisible"),
        ("name-in-decomposed-form", "a name that a Mac writes otherwise", "", zipped("app/cafe\u0301.py"), "NFC"),
        ("name-of-a-device", "a device of Windows", "", zipped("app/NUL.py"), "device"),
        ("name-of-a-device-in-superscript", "the same by a digit that folds", "", zipped("app/com\u00b9.py"), "device"),
        ("name-that-is-not-utf8-on-disk", "a name that can't be stored", "", on_disk(
            lambda folder: (folder / "x\udcff.py").write_bytes(b"EVIL") and None), "invisible"),
    ]),
    *rows(_LONG, "limits on names and numbers", ANY, [
        ("name-of-300-characters", "a file system's longest name", "", zipped("app/" + "x" * 300), "longer than"),
        ("path-100-deep", "recursion, and the longest path", "", zipped("a/" * 99 + "x"), "folders deep"),
        ("entries-by-the-thousand", "time and memory for each entry", "", zipped(*(f"app/{n}.py" for n in range(6000)), content=b""), "entries"),
        ("entries-by-the-thousand-that-are-left-out", "the same where nothing is kept", "", tarred(
            *(f"app/{n}.pyc" for n in range(6000)), content=b""), "entries"),
        ("folders-that-paths-imply", "entries that the archive does not have", "", zipped(
            *(f"app/{n}/x/y/z.py" for n in range(200)), content=b""), "files and folders"),
        ("changed-files-by-the-hundred", "rows in the database", "", zipped(*(f"app/{n}.py" for n in range(101))), "differ from the starter"),
        ("patch-on-files-by-the-hundred", "the same by a patch", "", patched("".join(
            f"--- /dev/null\n+++ b/app/{n}.py\n@@ -0,0 +1 @@\n+EVIL = 1\n" for n in range(101))), "more than 100 files"),
    ]),
    *rows(_TWINS, "one name, one file", ANY, [
        ("name-twice-in-a-zip", "one file for the check, another for the run", "CVE-2013-4787", zipped("app/new.py", "app/new.py"), "twice"),
        ("name-twice-in-a-tar", "the same in a tar", "CVE-2013-4787", tarred("app/new.py", "app/new.py"), "twice"),
        ("case-twin-of-a-file", "another file where case does not count", "CVE-2021-21300", zipped("app/Views.py"), "only in case"),
        ("case-twin-of-a-folder", "the same by a folder", "CVE-2021-21300", zipped("App/views.py"), "only in case"),
        ("case-twins-beside-each-other", "the same with both sent", "", zipped("app/a.py", "app/A.py"), "only in case"),
        ("full-width-twin", "the same by Unicode's compatibility forms", "", zipped("app/\uff56iews.py"), "only in case"),
        ("sharp-s-twin", "the same by a fold that makes two letters of one", "", zipped("app/stra\u00dfe.py", "app/STRASSE.py"), "only in case"),
        ("twin-by-a-patch", "the same by a patch", "", new_file("App/views.py"), "only in case"),
        ("file-where-a-folder-is", "an app without its package", "", zipped("app"), "file and a folder"),
        ("folder-where-a-file-is", "a file below a file", "", zipped("app/noeol.py/x.py"), "file and a folder"),
    ]),
    *rows(_GIT, "no files of git's own", ANY, [
        ("git-hook-by-a-patch", "a program that git starts", "CVE-2014-9390", new_file(".git/hooks/post-checkout"), "git's own"),
        ("git-hook-further-down", "the same in a nested repository", "", new_file("app/.git/config"), "git's own"),
        ("git-folder-by-case", "the same where case does not count", "CVE-2014-9390", zipped("app/.GIT/config"), "git's own"),
        ("git-folder-by-its-short-name", "the same by a name of Windows", "CVE-2014-9390", zipped("git~1/config"), "git's own"),
        ("git-folder-in-full-width", "the same by Unicode's compatibility forms", "", zipped("app/.\uff47it/config"), "git's own"),
    ]),
    *rows(_PLUGINS, "leftovers are left out", ANY, [
        ("poisoned-bytecode", "bytecode that runs in place of the source", "", zipped("app/__pycache__/views.cpython-313.pyc"), None),
        ("poisoned-bytecode-by-a-patch", "the same by a patch", "", new_file("app/__pycache__/views.cpython-313.pyc"), None),
        ("database-by-a-patch", "seeded data of one's own", "", new_file("instance/app.db"), None),
        ("bytecode-beside-nothing", "bytecode without a source", "", tarred("app/views.pyc"), None),
        ("entry-points", "a plugin that pytest loads", "", zipped("app.egg-info/entry_points.txt"), None),
        ("virtual-environment", "a site-packages that comes first", "", zipped("venv/lib/python3.13/site-packages/evil.pth"), None),
        ("git-folder-in-an-archive", "a repository with hooks", "CVE-2014-9390", zipped(".git/hooks/post-checkout"), None),
        ("database-of-the-app", "seeded data of one's own", "", zipped("instance/app.db"), None),
    ]),
    *rows(OUTSIDE, "editable globs", EDITABLE, [
        (f"edited-{label}", tries, precedent, zipped(path), "can't be added in this challenge")
        for label, path, tries, precedent in [
            ("hidden-test", "hidden/test_views.py", "a hidden test that always passes", "autograding #16"),
            ("harness", "harness.py", "a harness that builds another app", ""),
            ("manifest", "challenge.toml", "requirements that cost nothing", ""),
            ("inventory", "inventory.json", "guards that are no guards", ""),
            ("weights", "weights.json", "points for everything", "autograding #16"),
            ("grade", "results/results.json", "a result in the grader's place", "Gradescope 2019"),
            ("conftest", "conftest.py", "hooks that turn reports green", "SWE-bench #631"),
            ("pytest-ini", "pytest.ini", "options for the hidden run", "SWE-bench #631"),
            ("pyproject", "pyproject.toml", "the same by pyproject", ""),
            ("sitecustomize", "sitecustomize.py", "code at every start of Python", ""),
            ("pth-file", "evil.pth", "the same by a .pth", ""),
            ("shadow-of-json", "json.py", "a module in place of the library's", ""),
            ("shadow-of-flask", "flask/__init__.py", "the same of Flask", ""),
            ("dockerfile", "Dockerfile", "an image of one's own", ""),
            ("workflow", ".github/workflows/grade.yml", "a workflow with secrets", "autograding #16"),
        ]
    ]),
    *rows(_UNEDITABLE, "editable globs", EDITABLE, [
        ("edited-visible-test", "a visible test that always passes", "", zipped("tests/test_views.py"), "can't be changed"),
        ("edited-visible-test-by-a-patch", "the same by a patch", "", patched(
            "--- a/tests/test_views.py\n+++ b/tests/test_views.py\n@@ -1,2 +1,2 @@\n def test_show():\n-    assert True\n+    EVIL = 1\n"), "can't be changed"),
        ("edited-file-below-the-challenges-folder", "the same in a folder that is taken off", "", zipped("my-app/README.md"), "can't be changed"),
        ("folder-that-begins-like-an-editable-one", "a glob that matches a beginning", "", zipped("app-evil/x.py"), "can't be added"),
        ("file-that-is-named-like-an-editable-folder", "a glob that matches a folder's own name", "", zipped("extra"), "can't be added"),
        ("editable-folder-further-down", "a glob that matches anywhere", "", zipped("lib/app/x.py"), "can't be added"),
        ("case-of-an-editable-folder", "a glob that does not count case", "", zipped("Extra/x.py"), "can't be added"),
        ("full-width-editable-folder", "a glob that folds Unicode", "", zipped("\uff45xtra/x.py"), "can't be added"),
    ]),
]  # fmt: skip
ATTACKS = tuple(UploadAttack(*row) for row in _TABLE)  # type: ignore[arg-type]
