"""``flask programmes``: whom the phases of the programme reached."""

import json
from typing import Any

import click
from flask.cli import AppGroup

from fundapp.access.actors import COMMAND_LINE
from fundapp.children.suppression import TOTAL
from fundapp.programmes.queries import GROUPS, PhaseReport, list_phases, report_phases

cli = AppGroup("programmes", help="Phases of the programme.")


@cli.command("report")
@click.option("--json", "as_json", is_flag=True, help="Everything, with null for what is withheld.")
def report(as_json: bool) -> None:
    """Tell reached against target of each phase, by district and group.

    Counts of 1 to 4 children are withheld, and what would tell them.
    """
    reports = report_phases(list_phases(), actor=COMMAND_LINE)
    if as_json:
        phases = [_as_json(each) for each in reports]
        click.echo(json.dumps({"phases": phases}, ensure_ascii=False))
        return
    for each in reports:
        version = each.version
        click.echo(f"{version.name_th} {version.starts_on} – {version.ends_on}")
        for target in version.targets:
            groups = " + ".join(group.value for group in target.groups)
            place = f" in {target.district_code}" if target.district_code else ""
            reached = _told(each.reached_of(target))
            click.echo(f"  {groups}{place}: {reached} of {target.children:,}")
        all_told = _told(each.total) if each.is_recorded else "no help of these days is on record"
        click.echo(f"  all: {all_told}")


def _told(count: int | None) -> str:
    return "withheld" if count is None else f"{count:,}"


def _as_json(each: PhaseReport) -> dict[str, Any]:
    """A phase as plain values."""
    version = each.version
    districts = [place.district_code for place in version.places]
    return {
        "id": each.phase.public_id,
        "version": version.number,
        "name": {"th": version.name_th, "en": version.name_en, "ms": version.name_ms},
        "starts_on": version.starts_on.isoformat(),
        "ends_on": version.ends_on.isoformat(),
        "districts": districts,
        "budget_satang": version.budget_satang or None,
        "is_recorded": each.is_recorded,
        "paid_satang": each.paid_satang,
        "note": version.note,
        "targets": [
            {
                "groups": [group.value for group in target.groups],
                "district": target.district_code,
                "children": target.children,
                "reached": each.reached_of(target),
            }
            for target in version.targets
        ],
        "reached": [
            {"district": district, "group": group, "children": each.reached[district, group]}
            for district in districts
            for group in GROUPS
        ],
        "reached_by_group": {group: each.reached[TOTAL, group] for group in GROUPS},
        "reached_by_district": {code: each.reached[code, TOTAL] for code in districts},
        "reached_total": each.total,
    }
