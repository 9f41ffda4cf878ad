"""`capplan schema`: the data dictionary."""

from __future__ import annotations

import click

from capplan.cli.output import Output, answers


@click.command("schema")
@click.argument("table", required=False)
@answers
def command(table: str | None, output: Output) -> None:
    """Print the data dictionary, or one table of it.

    Every table and column, its unit, what may stand in it, what an empty cell means.

    TABLE leaves out the others; the settings (instance.toml) are the table instance.

    \b
    Examples:
      capplan schema
      capplan schema site_beds
      capplan schema targets --format csv > targets-columns.csv
    """
    from capplan.cli.dictionary import column_table, sections

    frame = column_table(table)
    output.answer(lambda: sections(frame, is_whole=table is None), frame)
