from tests.checks.cases import build, only, place, problems_of

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
        assert not problems_of(fine, rule)


def test_a_package_may_not_lead_back_to_itself():
    ring = build(onward=HEAD + "ic_bed,reable,0.6\nreable,urgent,0.5\nurgent,reable,0.5")
    assert [problem.row for problem in problems_of(ring, "onward_in_a_ring")] == [3, 4]
    assert only(build(onward=HEAD + "reable,reable,0.2"), "onward_in_a_ring").row == 2


def test_shares_of_the_people_who_leave_are_at_most_one():
    crowd = build(onward=HEAD + "ic_bed,reable,0.6\nic_bed,urgent,0.5")
    assert place(only(crowd, "onward_shares_above_one")) == ("onward", 3, "share")
    assert not problems_of(
        build(onward=HEAD + "ic_bed,reable,0.6\nic_bed,urgent,0.4"), "onward_shares_above_one"
    )


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
    assert not problems_of(there, "onward_bed_elsewhere")


def test_a_package_that_only_follows_is_used():
    unused = {"eligibility": ("rehab,reable,0.7,0.6\n", "")}
    assert problems_of(build(unused), "package_unused")
    assert not problems_of(build(unused, onward=HEAD + "ic_bed,reable,1"), "package_unused")


ONLY_FOLLOWS = {
    "eligibility": """
        pathway,package
        rehab,ic_bed
        crisis,urgent
        """,
    "onward": HEAD + "ic_bed,reable,1",
    "schemes": "scheme\nsooner",
}


def test_schemes_may_change_a_package_that_only_follows():
    effects = "scheme,effect,package,{}\nsooner,packages.stay_days,reable,{}"
    shorter = build(**ONLY_FOLLOWS, scheme_effects=effects.format("multiply", 0.5))
    assert not problems_of(shorter, "effect_on_nothing")
    assert not problems_of(shorter, "effect_out_of_range")
    gone = build(**ONLY_FOLLOWS, scheme_effects=effects.format("add", -35))
    assert "packages.stay_days of 'reable' would be 0 days" in only(gone, "effect_out_of_range").message


def test_schemes_change_the_success_of_a_start_only():
    effects = "scheme,effect,package,multiply\nsooner,eligibility.success,reable,0.5"
    assert problems_of(build(**ONLY_FOLLOWS, scheme_effects=effects), "effect_on_nothing")


def test_states_of_schemes_are_counted_over_all_that_follows():
    effects = """
        scheme,effect,package,multiply
        sooner,packages.stay_days,reable,0.5
        later,packages.stay_days,ic_bed,1.5
        """
    ramps = "scheme,ramp_periods\nsooner,2\nlater,2"
    many = build(**(ONLY_FOLLOWS | {"schemes": ramps}), scheme_effects=effects)
    assert "later, sooner change 'ic_bed'" in only(many, "too_many_joint_states").message
