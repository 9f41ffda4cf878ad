"""Instances that come with capplan: in the installed package, or in the repository it runs from."""

from __future__ import annotations

from pathlib import Path

PLACES = (
    Path(__file__).parents[1] / "shipped",  # in a wheel
    Path(__file__).parents[3] / "instances",  # in a checkout
)


def shipped_instances() -> dict[str, Path]:
    """Name to folder of every instance that is shipped, in the first of PLACES that is there."""
    place = next((place for place in PLACES if place.is_dir()), None)
    if place is None:
        return {}
    return {folder.name: folder for folder in sorted(place.iterdir()) if (folder / "instance.toml").is_file()}
