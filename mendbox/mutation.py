"""A mutation campaign as commands tell it."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from runner.mutation.campaign import Campaign


def campaign_as_json(campaign: Campaign) -> dict[str, Any]:
    """`{killed, survived, equivalent, score, survivors: [{place, fix, file, line, operator, before, after}]}`."""
    return {
        "killed": campaign.killed,
        "survived": len(campaign.lived),
        "equivalent": campaign.equivalent,
        "score": campaign.score,
        "survivors": [
            {
                "place": each.place,
                "fix": each.fix,
                "file": each.file,
                "line": each.mutant.line,
                "operator": each.mutant.operator,
                "before": each.mutant.before,
                "after": each.mutant.after,
            }
            for each in campaign.lived
        ],
    }


def print_campaign(out: Console, campaign: Campaign) -> None:
    """The score, and each mutant that lived as its line before and after."""
    ran = campaign.killed + len(campaign.lived)
    equivalent = f", {campaign.equivalent} argued as equivalent" if campaign.equivalent else ""
    out.print(f"  {campaign.killed} of {ran} mutants noticed, {campaign.score} %{equivalent}", markup=False)
    for each in campaign.lived:
        out.print(Text(f"  {each.place}:{each.mutant.line}  {each.mutant.operator}", style="dim"))
        out.print(Text(f"    - {each.mutant.before}", style="red"))
        out.print(Text(f"    + {each.mutant.after}", style="green"))
