"""Makes the parts of the documentation that must be true of the code: run it, don't edit them.

    python -m docs.build settings     the table of settings in operations.md
    python -m docs.build sandbox      the tables in sandbox.md
    python -m docs.build runtimes     what differs under gVisor, in operations.md
    python -m docs.build grade        the grade in grading.md, by grading a mistake of a new challenge
    python -m docs.build asvs         the checklist in asvs.md, from asvs.csv; a test says when it is due
    python -m docs.build cryptography the table in inventories.md; a test says when it is due
    python -m docs.build demo-picture grade-picture     images/*.svg, by running the commands that they show
    python -m docs.build report-picture                 images/report.png, by grading and looking at the page
    python -m docs.build story-pictures                 images/editor.png and others, by a whole assessment

The first three take a moment and a test says when they are due. The others need a container engine.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

from docs.pictures import draw_report, draw_story

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
#: The columns of a terminal that shows every line of the demo whole.
WIDTH = 100
_FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def settings_table() -> str:
    """Every `MENDBOX_*` variable with its default, bounds and meaning, as Markdown."""
    from store.settings import Settings

    rows = ["| variable | default | bounds | meaning |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = str(field.default)
        shown = f"`{default}`" if default else "empty"
        bounds = ", ".join(get_args(field.annotation)) or _bounds(field.metadata)
        rows.append(f"| `MENDBOX_{name.upper()}` | {shown} | {bounds} | {field.description} |")
    return "\n".join(rows).replace("<", "&lt;").replace(">", "&gt;")


def _bounds(metadata: Sequence[Any]) -> str:
    words = {"ge": "from", "gt": "above", "le": "to", "lt": "below"}
    said = [f"{word} {getattr(item, key):g}" for item in metadata for key, word in words.items() if hasattr(item, key)]
    return " ".join(said)


def block(text: str, name: str) -> str:
    """What stands between `<!-- NAME … -->` and `<!-- /NAME -->`. Raises ValueError where there is none."""
    match = _marked(name).search(text)
    if match is None:
        raise ValueError(f"there is no block {name}")
    return match[2].strip()


def _marked(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name}\b[^\n]*-->\n)(.*?)(<!-- /{name} -->)", re.DOTALL)


def put(path: Path, name: str, content: str) -> None:
    """Replace a block of a document."""
    text = path.read_text()
    block(text, name)
    path.write_text(_marked(name).sub(lambda match: f"{match[1]}\n{content}\n\n{match[3]}", text))


def build_settings() -> None:
    """The table in operations.md."""
    put(DOCS / "operations.md", "settings", settings_table())


def sandbox_tables() -> dict[str, str]:
    """The tables of sandbox.md by the names of their blocks, from the code that they describe."""
    from runner.sandbox.confinement import LEFT_OUT, ULIMITS, WALLS
    from runner.sandbox.known_holes import HOLES
    from runner.sandbox.seccomp.margins import FATAL, MARGINS, RESTRICTED
    from runner.sandbox.seccomp.profile import ROLES, allowed, observed

    counts = [
        (role, f"{len(observed(role))}", f"{len(allowed(role))}", _names(sorted(observed(role)))) for role in ROLES
    ]
    restricted = [
        (f"`{name}`", ", ".join(f"`{value:#x}`" for value in restriction.values), restriction.why)
        for name, restriction in RESTRICTED.items()
    ]
    holes = [
        (
            hole.name,
            hole.component,
            ", ".join(hole.fixed),
            hole.allows,
            f"{'yes' if hole.exposed else 'no'}: {hole.because}",
        )
        for hole in HOLES
    ]
    return {
        "walls": _table(("wall", "value", "why"), [(wall.name, wall.shown, wall.why) for wall in WALLS]),
        "ulimits": _table(
            ("limit", "soft and hard", "why"),
            [(f"`{ulimit.name}`", ulimit.shown, ulimit.why) for ulimit in ULIMITS]
            + [(f"`{name}`", "not set", why) for name, why in LEFT_OUT],
        ),
        "observed": _table(("role", "observed", "allowed", "the observed ones"), counts),
        "margins": _table(
            ("group", "roles", "why", "calls"),
            [(margin.name, ", ".join(margin.roles), margin.why, _names(margin.calls)) for margin in MARGINS],
        ),
        "restricted": _table(("call", "values of one argument", "why"), restricted),
        "fatal": _names(FATAL),
        "holes": _table(("hole", "in", "mended in", "what it allows", "is Mendbox's use exposed"), holes),
    }


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def build_sandbox() -> None:
    """The tables in sandbox.md."""
    for name, table in sandbox_tables().items():
        put(DOCS / "sandbox.md", name, table)


def runtimes_tables() -> dict[str, str]:
    """What differs under gVisor, for operations.md, by the names of their blocks."""
    from runner.attacks.finder import find_attacks
    from runner.sandbox.runtimes import DIFFERENCES, UNSEEN_OPTIONS, UNSEEN_WALLS

    attacks = find_attacks()
    walls = [*UNSEEN_WALLS.items(), *((f"places to write: `{name}`", why) for name, why in UNSEEN_OPTIONS.items())]
    return {
        "differences": _table(
            ("", "Linux (`runc`)", "gVisor (`runsc`)"),
            [(each.what, each.linux, each.gvisor) for each in DIFFERENCES.values()],
        ),
        "unseen-walls": _table(("wall", "on gVisor"), walls),
        "given": _table(
            ("attack", "what it gets"), [(each.name, each.gvisor_gives) for each in attacks if each.gvisor_gives]
        ),
        "stopped": _table(
            ("attack", "what stops it"), [(each.name, each.gvisor_stops) for each in attacks if each.gvisor_stops]
        ),
    }


def build_runtimes() -> None:
    """What differs under gVisor, in operations.md."""
    for name, table in runtimes_tables().items():
        put(DOCS / "operations.md", name, table)


def build_grade() -> None:
    """The grade in grading.md, whole and as the candidate sees it."""
    from api.redaction import for_candidate
    from runner.grading.models import Grade

    with tempfile.TemporaryDirectory(prefix="mendbox-docs-") as folder:
        _mendbox(folder, "challenge", "new", "late-fees")
        _mendbox(folder, "challenge", "check", "late-fees", "--write")
        fix = Path(folder, "my-fix")
        shutil.copytree(Path(folder, "challenges/late-fees/mistakes/detail-only"), fix)
        (fix / "mistake.toml").unlink()
        grade = json.loads(_mendbox(folder, "grade", "late-fees", "my-fix", "--seed", "1", "--json"))
    put(DOCS / "grading.md", "grade", f"```json\n{compact(grade)}\n```")
    seen = for_candidate(Grade.model_validate(grade)).model_dump(mode="json")
    put(DOCS / "grading.md", "candidate", f"```json\n{compact(seen)}\n```")


def _mendbox(folder: str, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("mendbox")), *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def compact(document: dict[str, Any]) -> str:
    """JSON with one line for each key, and one for each item of a list of objects."""
    parts = []
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            items = ",\n".join(f"    {json.dumps(item, ensure_ascii=False)}" for item in value)
            parts.append(f"  {json.dumps(key)}: [\n{items}\n  ]")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}"


def build_demo_picture() -> None:
    """What a terminal shows of the demo, as it is run now. Ends without a picture if a grade is not as expected."""
    from mendbox.demo import demo_command

    _draw("demo.svg", "mendbox demo", lambda context: _invoke(demo_command, [], context))


def build_grade_picture() -> None:
    """What a terminal shows of a mistake that is graded now."""
    from mendbox.grade_command import grade_command

    with tempfile.TemporaryDirectory(prefix="mendbox-docs-") as folder:
        fix = Path(folder, "my-fix")
        shutil.copytree(ROOT / "challenges/user-500/mistakes/own-page-only", fix)
        (fix / "mistake.toml").unlink()
        arguments = ["user-500", str(fix)]
        _draw("grade.svg", "mendbox grade user-500 my-fix", lambda context: _invoke(grade_command, arguments, context))


def _invoke(command: Any, arguments: list[str], context: Any) -> None:
    command.main(arguments, prog_name="mendbox", obj=context, standalone_mode=False)


def _draw(name: str, command: str, run: Callable[[Any], None]) -> None:
    from rich.console import Console

    from mendbox.app import Context

    console = Console(record=True, width=WIDTH, file=io.StringIO(), highlight=False)
    context = Context()
    context.out = context.err = console
    console.print(f"[bold]$ {command}[/bold]", highlight=False)
    run(context)
    (DOCS / "images").mkdir(exist_ok=True)
    identity = name.partition(".")[0]
    (DOCS / "images" / name).write_text(
        console.export_svg(title=command, code_format=_svg_format(), unique_id=identity)
    )


def _svg_format() -> str:
    """rich's own drawing without fonts from elsewhere: a picture that loads anything tells on who looks at it."""
    from rich._export_format import CONSOLE_SVG_FORMAT

    without = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->\s*", "", without).replace("Fira Code, monospace", _FONTS)


def build_asvs() -> None:
    """The checklist in asvs.md."""
    from docs.asvs import checklist, requirements

    put(DOCS / "asvs.md", "asvs", checklist(requirements()))


def build_cryptography() -> None:
    """The table in inventories.md."""
    from docs.inventory import cryptography

    put(DOCS / "inventories.md", "cryptography", cryptography())


def build_attacks() -> None:
    """The tables in security.md."""
    from docs.attacks import attacks_table, mitigations_table

    put(DOCS / "security.md", "mitigations", mitigations_table())
    put(DOCS / "security.md", "attacks", attacks_table())


def main(arguments: Sequence[str]) -> int:
    """Build the parts that are named."""
    parts = {
        "settings": build_settings,
        "sandbox": build_sandbox,
        "runtimes": build_runtimes,
        "grade": build_grade,
        "demo-picture": build_demo_picture,
        "grade-picture": build_grade_picture,
        "report-picture": draw_report,
        "story-pictures": draw_story,
        "asvs": build_asvs,
        "cryptography": build_cryptography,
        "attacks": build_attacks,
    }
    if not arguments or not set(arguments) <= set(parts):
        sys.stderr.write(f"usage: python -m docs.build {'|'.join(parts)} …\n")
        return 2
    for name in arguments:
        parts[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
