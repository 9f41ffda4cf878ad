"""Every limit and every constraint family has words."""

from capplan.explain.limits import FINDERS, limits_of, loosened_model
from capplan.explain.limits.limit import Kind, Limit
from capplan.explain.reasons import HELD_BY_LIMITS, IN_ITS_OWN_WORDS, REASONS, SILENT
from capplan.explain.rules import SAYINGS, Naming, changed, rule
from capplan.explain.sections import KINDS, UNITS
from capplan.formulation.build import all_families
from capplan.overrides.grammar import parse_override
from tests.explain import cases
from tests.explain.cases import small

PLANTS = (
    *(cases.pool, cases.recruits, cases.available_later, cases.lead, cases.long_waits, cases.without_care),
    *(cases.journeys, cases.cover, cases.scheme, cases.closed_site),
)
"""Between them they have limits of every finder."""


def test_every_constraint_family_is_a_limit_a_reason_or_silent_on_purpose():
    told = [HELD_BY_LIMITS, SILENT, IN_ITS_OWN_WORDS, frozenset(REASONS)]
    assert sorted(name for group in told for name in group) == sorted(
        family.name for family in all_families()
    )


def test_every_kind_of_limit_has_a_name_and_a_unit():
    assert set(KINDS) == set(UNITS) == set(Kind)


def test_every_limit_can_be_said_and_overridden():
    said = set()
    for plant in PLANTS:
        instance = small(plant)
        naming = Naming(instance)
        for limit in limits_of(loosened_model(instance), instance):
            said.add(limit.what)
            assert rule(limit, naming)
            value = limit.steps[-1].value if limit.steps else limit.value
            assert changed(limit, value, naming)
            parse_override(limit.override(value))
    assert said <= set(SAYINGS)
    assert len(said) > len(FINDERS)


def test_the_present_value_and_another_that_would_read_alike_are_told_in_full():
    naming = Naming(small(cases.pool))
    suits = Limit("share_max", Kind.SUITABILITY, "eligibility", (), "share_max", 0.0512)
    assert changed(suits, 0.0514, naming).endswith("suits at most 5.14% of , not 5.12%")
    assert changed(suits, 0.06, naming).endswith("suits at most 6% of , not 5.1%")
