from tests.checks.cases import build, found, only, place

HEAD = "package,next_package,share\n"
FLATS = {
    "bed_types": "bed_type,occupancy_max\nic,0.9\nflat,1",
    "packages": """
        package,setting,bed_type,stay_days
        ic_bed,bed,ic,28
        flat_stay,bed,flat,20
        reable,home,,35
        urgent,home,,3
        """,
}
UNITS = """
    site,bed_type,beds,beds_min,beds_max,bed_day_gbp
    cottage,ic,16,0,24,150
    manor,ic,4,0,10,120
    cottage,flat,2,0,4,100
    """


def test_a_bed_then_rehab_at_home_is_fine():
    fine = build(onward=HEAD + "ic_bed,reable,0.6\nreable,urgent,0.1")
    for rule in (
        "onward_in_a_ring",
        "onward_shares_above_one",
        "onward_from_home_to_bed",
        "onward_bed_elsewhere",
    ):
        assert not found(fine, rule)


def test_a_package_may_not_lead_back_to_itself():
    ring = build(onward=HEAD + "ic_bed,reable,0.6\nreable,urgent,0.5\nurgent,reable,0.5")
    assert [problem.row for problem in found(ring, "onward_in_a_ring")] == [3, 4]
    assert only(build(onward=HEAD + "reable,reable,0.2"), "onward_in_a_ring").row == 2


def test_shares_of_the_people_who_leave_are_at_most_one():
    crowd = build(onward=HEAD + "ic_bed,reable,0.6\nic_bed,urgent,0.5")
    assert place(only(crowd, "onward_shares_above_one")) == ("onward", 3, "share")
    assert not found(build(onward=HEAD + "ic_bed,reable,0.6\nic_bed,urgent,0.4"), "onward_shares_above_one")


def test_nobody_goes_from_home_into_a_bed():
    back = build(onward=HEAD + "reable,ic_bed,0.1")
    assert place(only(back, "onward_from_home_to_bed")) == ("onward", 2, "next_package")


def test_a_bed_that_follows_is_at_the_same_site():
    elsewhere = build(**FLATS, site_beds=UNITS, onward=HEAD + "ic_bed,flat_stay,0.5")
    assert "manor has none" in only(elsewhere, "onward_bed_elsewhere").message
    there = build(
        **FLATS,
        site_beds=UNITS,
        onward=HEAD + "ic_bed,flat_stay,0.5",
        eligibility="""
            pathway,package,site
            rehab,ic_bed,cottage
            rehab,reable,
            crisis,urgent,
            """,
    )
    assert not found(there, "onward_bed_elsewhere")


def test_a_package_that_only_follows_is_used():
    unused = {"eligibility": ("rehab,reable,0.7,0.6\n", "")}
    assert found(build(unused), "package_unused")
    assert not found(build(unused, onward=HEAD + "ic_bed,reable,1"), "package_unused")
