"""`capplan schema`: the data dictionary."""

from __future__ import annotations

import click

from capplan.cli.output import Output, answers


@click.command("schema")
@click.argument("table", required=False)
@click.option("--inputs", "inputs", is_flag=True, help="Only tables of an instance.")
@click.option("--results", "results", is_flag=True, help="Only result tables of a run.")
@answers
def command(table: str | None, inputs: bool, results: bool, output: Output) -> None:
    """Print the data dictionary, or one table of it.

    Every table and column of an instance, with its unit, what may stand in it and what an empty cell means; and every
    result table of a run, with its units and which rule of `capplan check RUN` counts each number again.

    TABLE leaves out the others; the settings (instance.toml) are the table instance. A name that an input and a result
    table share prints both. So do --inputs and --results together.

    \b
    Examples:
      capplan schema
      capplan schema site_beds
      capplan schema beds
      capplan schema staff --results
      capplan schema targets --inputs --format csv > targets-columns.csv
    """
    from capplan.cli.schema import column_table, sections

    parts = (*(["input"] if inputs else []), *(["result"] if results else []))
    frame = column_table(table, parts or ("input", "result"))
    output.answer(lambda: sections(frame, is_whole=table is None), frame)
