"""`capplan schema`: the data dictionary."""

from __future__ import annotations

import click

from capplan.cli.output import Output, answers


@click.command("schema")
@click.argument("table", required=False)
@click.option("--inputs", "part", flag_value="input", help="Only tables of an instance.")
@click.option("--results", "part", flag_value="result", help="Only result tables of a run.")
@answers
def command(table: str | None, part: str | None, output: Output) -> None:
    """Print the data dictionary, or one table of it.

    Every table and column of an instance, with its unit, what may stand in it and what an empty cell means; and every
    result table of a run, with its units and which rule of `capplan check RUN` counts each number again.

    TABLE leaves out the others; the settings (instance.toml) are the table instance. A name that an input and a result
    table share prints both.

    \b
    Examples:
      capplan schema
      capplan schema site_beds
      capplan schema beds
      capplan schema staff --results
      capplan schema targets --inputs --format csv > targets-columns.csv
    """
    from capplan.cli.schema import column_table, sections

    frame = column_table(table, (part,) if part else ("input", "result"))
    output.answer(lambda: sections(frame, is_whole=table is None), frame)
