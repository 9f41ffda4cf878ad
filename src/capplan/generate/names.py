"""Made-up place names that sound English."""

from __future__ import annotations

from itertools import product

import numpy as np

from capplan.errors import UsageError

BEGINNINGS = (
    *("Ald", "Bram", "Cald", "Dorn", "Els", "Farn", "Grim", "Hazel", "Ickl", "Kelm", "Lang", "Marl"),
    *("Nether", "Os", "Pels", "Quen", "Rush", "Sels", "Thorn", "Ulf", "Wend", "Yarn"),
)
MIDDLES = ("a", "en", "er", "in", "le", "o")
ENDINGS = (
    *("bourne", "bridge", "bury", "combe", "den", "field", "ford", "grove", "ham", "hurst"),
    *("ley", "mere", "stead", "ton", "wick", "worth"),
)


def place_names(rng: np.random.Generator, number: int) -> list[str]:
    """That many different names; UsageError where there are not as many."""
    names = ["".join(syllables) for syllables in product(BEGINNINGS, MIDDLES, ENDINGS)]
    if number > len(names):
        raise UsageError(f"there are names for {len(names)} localities, not {number}")
    return [names[i] for i in rng.permutation(len(names))[:number]]


def unique(names: list[str]) -> list[str]:
    """The names, with a number after each repeated one."""
    seen: dict[str, int] = {}
    numbered = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        numbered.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return numbered


def key_of(name: str) -> str:
    """The lower_snake_case key of a name made of letters, digits, blanks and commas."""
    return "_".join(name.lower().replace(",", " ").split())
