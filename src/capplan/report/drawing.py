"""Pictures that need no browser, and the program that draws the same ones in a browser; both by Vega."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

EXPORTS = "window.vegaEmbed = vegaEmbed;"
"""What the script of the page uses of Vega."""
SAFE_IN_ADDRESS = " !$&()*+,-./:;=?@_~<>"
"""Signs that an address of data may hold as they are; the template escapes < > and & for the page."""


def still(spec: Mapping[str, Any]) -> str:
    """The picture as an address of data (SVG) for an image: nothing in it can run or clash with the page."""
    import vl_convert  # noqa: PLC0415  (starts a JavaScript engine: only where something is drawn)

    svg: str = vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[])
    return f"data:image/svg+xml,{quote(svg, safe=SAFE_IN_ADDRESS)}"


def library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that can stand in a page."""
    import vl_convert  # noqa: PLC0415

    script: str = vl_convert.javascript_bundle(EXPORTS)
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
