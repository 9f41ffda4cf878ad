"""How high the readers stand: chains of imports that whoever reads results has below."""

import grimp
import pytest

HIGHEST = 25


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("capplan", cache_dir=None, exclude_type_checking_imports=True)


def longest_chain(graph, module, known):
    """Modules on the longest chain of imports from a module downwards."""
    if module not in known:
        known[module] = 0  # a cycle adds nothing
        below = graph.find_modules_directly_imported_by(module)
        known[module] = 1 + max((longest_chain(graph, name, known) for name in below), default=0)
    return known[module]


@pytest.mark.parametrize("reader", ["compare", "report"])
def test_readers_stand_on_short_chains_and_on_no_maker(graph, reader):
    assert longest_chain(graph, f"capplan.{reader}", {}) <= HIGHEST
    upstream = graph.find_upstream_modules(f"capplan.{reader}", as_package=True)
    packages = {".".join(name.split(".")[:2]) for name in upstream}
    assert not packages & {"capplan.formulation", "capplan.solver", "capplan.search", "capplan.plan"}
