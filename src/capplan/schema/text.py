"""Text of a cell: what people and spreadsheet programs leave around it, and names near to a mistyped one."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable
from math import isfinite

import numpy as np

from capplan.errors import CapplanError

_SPACES = re.compile("[\u00a0\u2007\u2009\u202f]")  # kinds of spaces that look like a plain one
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_FORMULA_ERROR = re.compile(
    r"#(REF|DIV/0|N/A|NAME|NULL|NUM|VALUE|SPILL|CALC|FIELD|BUSY|GETTING_DATA|#+)[!?#]?"
)
_KEY = re.compile("[a-z][a-z0-9_]*")
_NEAR_ENOUGH = 70  # out of 100: one or two letters of a short word, a missing ending of a long one


class Unreadable(CapplanError):
    """A cell that is not what its column holds; `why` follows its text in a sentence, `what_now` advises.

    Advice that takes long to find is given as a function, called only for those that are shown.
    """

    def __init__(self, why: str, what_now: str | Callable[[], str] = "") -> None:
        self.why = why
        self._what_now = what_now
        super().__init__(why)

    @property
    def what_now(self) -> str:
        """What to do about it."""
        return self._what_now if isinstance(self._what_now, str) else self._what_now()

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str]]:
        """A pickle keeps the advice, and not the way to it."""
        return type(self), (self.why, self.what_now)


def text_of(cell: object) -> str:
    """The cell as a person reads it: trimmed, plain spaces, whole numbers without `.0`, days as ISO dates."""
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, bool | np.bool_):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | np.floating):
        return str(int(cell)) if isfinite(cell) and cell == int(cell) else repr(float(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell)


def tidy(text: str) -> str:
    """Text without the blanks around it, with plain spaces, plain line ends and composed accents."""
    if text.isascii():
        return text.strip() if "\r" not in text else text.replace("\r\n", "\n").strip()
    plain = _INVISIBLE.sub("", _SPACES.sub(" ", text))
    return unicodedata.normalize("NFC", plain).replace("\r\n", "\n").strip()


def refuse_formula_error(text: str) -> None:
    """Unreadable where the cell holds what a spreadsheet shows for a formula that failed."""
    if text.startswith("#") and _FORMULA_ERROR.fullmatch(text.upper()):
        raise Unreadable("is a formula error", "mend the formula in the spreadsheet and save again")


def plain_text(text: str) -> str:
    """The text itself; Unreadable where it holds control characters."""
    control = _CONTROL.search(text)
    if control:
        raise Unreadable(f"holds a control character (U+{ord(control[0]):04X})", "type the text again")
    return text


def folded(text: str) -> str:
    """The text for comparisons that do not care about capitals and kinds of blanks."""
    return " ".join(text.casefold().split())


def as_word(text: str) -> str:
    """`Step Up`, `step-up` and `STEP_UP` all give `step_up`."""
    return re.sub(r"[\s\-]+", "_", text.strip().casefold())


def suggested_key(text: str) -> str:
    """The lower_snake_case key nearest to the text: `Ynys Môn` gives `ynys_mon`, `!` gives nothing."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    key = re.sub("[^a-z0-9]+", "_", ascii_only.replace("'", "")).strip("_")
    return f"n{key}" if key[:1].isdigit() else key


def key_of(text: str) -> str:
    """The text as a key; Unreadable, with the key it might be, unless it is lower_snake_case."""
    if _KEY.fullmatch(text):
        return text
    suggestion = suggested_key(text)
    advice = f"write '{suggestion}'" if suggestion else "write a word"
    raise Unreadable(
        "is not a key: lower-case letters, digits and underscores, a letter first",
        f"{advice} (the column name may hold the name to show)",
    )


def nearest(text: str, among: Iterable[str]) -> str | None:
    """The name most like the text, or None where nothing is near."""
    from rapidfuzz import fuzz, process

    match = process.extractOne(
        text, list(among), scorer=fuzz.ratio, processor=folded, score_cutoff=_NEAR_ENOUGH
    )
    return None if match is None else str(match[0])


def did_you_mean(text: str, among: Iterable[str]) -> str:
    """`did you mean 'p2_bed'?`, or nothing where no name is near."""
    name = nearest(text, among)
    return "" if name is None else f"did you mean '{name}'?"
