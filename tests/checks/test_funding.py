from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

COLUMNS = "item,key,locality,network,site,funder,share"
BUDGETS = "funder,year,budget_gbp,committed_gbp\n"


def funded(*rows: str, **tables: str):
    """The clean instance with rows of funding."""
    return build(funding="\n".join([COLUMNS, *rows]), **tables)


def test_a_key_must_be_one_that_the_item_has():
    problem = only(funded("beds,ic,,,,nhs,1", "beds,icc,,,,nhs,1"), "funding_key_unknown")
    assert place(problem) == ("funding", 3, "key")
    assert "'ic'" in problem.what_now
    for row in (
        "sites,cottage",
        "staff,rsw",
        "shifts,day",
        "unmet,crisis",
        "starts,reable",
        "care_days,ic_bed",
    ):
        assert not problems_of(funded(f"{row},,,,nhs,1"), "funding_key_unknown")
    assert not problems_of(funded("shortfall,avoided,,,,nhs,1"), "funding_key_unknown")


def test_filters_of_funding_must_leave_a_cost():
    # The team is for all, the cottage stands in the town, and waiting has no site.
    for row in ("staff,,town,,,nhs,1", "beds,,village,,cottage,nhs,1", "waiting,,,,cottage,nhs,1"):
        assert only(funded(row), "funding_catches_nothing", Severity.WARNING).row == 2
    for row in ("staff,,,west,,nhs,1", "beds,,town,,cottage,nhs,1", "starts,ic_bed,village,,cottage,nhs,1"):
        assert not problems_of(funded(row), "funding_catches_nothing")


def test_the_shares_of_one_cost_sum_to_one():
    assert not problems_of(funded("beds,,,,,nhs,0.7", "beds,,,,,council,0.3"), "funding_shares_wrong")
    problem = only(funded("beds,,,,,nhs,0.7", "beds,,,,,council,0.2"), "funding_shares_wrong")
    assert "rows 2, 3 hold for 'beds' of 'ic'" in problem.message
    assert "sum to 0.9" in problem.message
    thirds = [f"staff,,,,,{funder},0.333" for funder in ("a", "b", "c")]
    assert not problems_of(funded(*thirds), "funding_shares_wrong")


def test_rows_that_overlap_with_as_many_filters_share_a_cost():
    # A bed type at one site, and a locality: of the cottage's beds in the town both hold.
    both = ("beds,ic,,,,nhs,1", "beds,,town,,,council,1")
    assert "sum to 2" in only(funded(*both), "funding_shares_wrong").message
    # The manor stands in the village: no bed is caught by both.
    assert not problems_of(funded("beds,,,,manor,nhs,1", "beds,,town,,,council,1"), "funding_shares_wrong")
    assert not problems_of(funded("beds,,,,,nhs,1", "beds,,town,,,council,1"), "funding_shares_wrong")
    # People of the town may go to the manor.
    assert problems_of(funded("starts,,,,manor,nhs,1", "starts,,town,,,council,1"), "funding_shares_wrong")


def test_who_is_named_in_one_table_only_is_told():
    table = f"{BUDGETS}nhs,2017/18,1000,0\ncharity,2017/18,10,0"
    both = funded("beds,,,,,nhs,0.5", "beds,,,,,council,0.5", budgets=table)
    assert only(both, "funder_without_budget", Severity.INFO).value == "council"
    assert only(both, "budget_without_funding", Severity.INFO).value == "charity"
    assert only(build(budgets=f"{BUDGETS}nhs,2017/18,1000,0"), "budget_without_funding", Severity.WARNING)


def test_costs_that_are_in_no_budget_are_told():
    table = f"{BUDGETS}nhs,2017/18,1000,0"
    problem = only(
        funded("beds,,,,,nhs,1", "staff,,,,,nhs,1", budgets=table), "cost_without_funder", Severity.INFO
    )
    assert "openings" in problem.message
    assert "staff" not in problem.message
    assert "waiting" not in problem.message
    assert not problems_of(funded("beds,,,,,nhs,1"), "cost_without_funder")


def test_without_funding_nothing_is_said():
    clean = build()
    for rule in (
        "funding_key_unknown",
        "funding_catches_nothing",
        "funding_shares_wrong",
        "cost_without_funder",
    ):
        assert not problems_of(clean, rule)


def test_the_queue_of_a_shared_list_stands_nowhere():
    units = "site,bed_type,waiting_list,beds,beds_max,bed_day_gbp\ncottage,ic,{0},16,24,150\nmanor,ic,{0},4,10,120"
    row = "queueing,ic,town,,,nhs,1"
    assert not problems_of(funded(row, site_beds=units.format("")), "funding_catches_nothing")
    assert only(funded(row, site_beds=units.format("county")), "funding_catches_nothing", Severity.WARNING)
