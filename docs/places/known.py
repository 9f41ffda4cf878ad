"""Every place that has a page."""

from __future__ import annotations

from docs.places import bromley, dorset, suffolk, thurrock, wiltshire
from docs.places.place import Place

PLACES: dict[str, Place] = {
    place.name: place
    for place in (bromley.PLACE, dorset.PLACE, suffolk.PLACE, thurrock.PLACE, wiltshire.PLACE)
}
"""The places by name, in the order in which they are listed."""
