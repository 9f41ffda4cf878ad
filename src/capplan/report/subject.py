"""What a report is about: a plan with its name, and what was noted when it was saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from capplan.solved import Solved


@dataclass(frozen=True)
class Subject:
    """One plan of a report: what it is called, the plan, and what run.json says of it (nothing of a fresh plan)."""

    name: str
    plan: Solved
    info: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of the instance, with what sets this plan apart."""
        scenario = self.info.get("scenario")
        kinds = [
            *(["today's capacity, fixed"] if self.plan.is_as_is else []),
            *(["best effort"] if self.plan.is_best_effort else []),
            *([f"scenario {scenario}"] if scenario else []),
        ]
        title = self.plan.instance.settings.title
        return f"{title} ({', '.join(kinds)})" if kinds else title
