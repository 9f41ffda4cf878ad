"""The tiny instances on which every constraint family is built alone: small, but with every term it may have."""

from functools import cache

from capplan.instance import Instance
from tests.formulation.tiny import AT_HOME, IN_BEDS, WITH_CREW, WITH_TEAM, Tables, tiny

TWO_LOCALITIES: Tables = {
    "localities": """
        locality,network,population_65_plus,home_travel_share
        north,hills,1000,0.2
        south,hills,3000,0.4
        """,
    "referrals": """
        locality,pathway,people_per_week
        north,going_home,7
        south,going_home,14
        """,
    "targets": """
        target,metric,sense,value,unit,locality
        tells_them_apart,discharges,min,1,per_week,north
        """,
}
TWO_HOSPITALS: Tables = {
    "hospitals": "hospital\nroyal\ngeneral",
    "referrals": """
        locality,hospital,pathway,people_per_week
        north,royal,going_home,7
        north,general,going_home,14
        """,
    "waiting": """
        locality,hospital,pathway,people
        north,royal,going_home,2
        north,general,going_home,3
        """,
    "targets": """
        target,metric,sense,value,unit,hospital
        tells_them_apart,discharges,min,1,per_week,royal
        """,
    "pathways": """
        pathway,direction,delay_day_gbp,wait_days_max,unmet_gbp
        going_home,step_down,100,4,1000
        """,
}


@cache
def people() -> Instance:
    """Two hospitals' people, told apart by a target, who wait for a bed at one of two sites or for care at home."""
    return tiny(
        IN_BEDS,
        TWO_HOSPITALS,
        sites="site,locality\nhill,north\ndale,north",
        site_beds="site,bed_type,beds_max,bed_day_gbp\nhill,ward,20,10\ndale,ward,20,10",
        packages="""
            package,setting,bed_type,stay_days
            stay,bed,ward,7
            care,home,,7
            """,
        eligibility="""
            pathway,package,hospital,share_max
            going_home,stay,,0.5
            going_home,care,,1
            """,
        opening="steady",
    )


@cache
def localities() -> Instance:
    """Two localities' people, told apart by a target, in one site and at home."""
    return tiny(
        IN_BEDS,
        TWO_LOCALITIES,
        packages="package,setting,bed_type,stay_days\nstay,bed,ward,7\ncare,home,,7",
        eligibility="pathway,package\ngoing_home,stay\ngoing_home,care",
    )


@cache
def beds() -> Instance:
    """Two units in one building that opens and closes: steps, smallest sizes, spot beds, conversion, lead, notice."""
    return tiny(
        IN_BEDS,
        sites="site,locality,beds_max,open_gbp_per_month,is_open,can_open,can_close\nhill,north,30,500,no,no,no",
        bed_types="bed_type,occupancy_max\nflat,1\nward,0.9",
        site_beds="""
            site,bed_type,beds,beds_max,beds_step,unit_beds_min,bed_day_gbp,available_from,available_to,lead_periods,notice_periods,spot_bed_day_gbp
            hill,flat,3,10,1,,10,,2018-02-14,,1,
            hill,ward,4,20,2,6,10,2018-02-08,,1,,30
            """,
        conversions="site,from_bed_type,to_bed_type,beds_per_change_max\nhill,flat,ward,5",
        packages="package,setting,bed_type,stay_days,stay_distribution\nstay,bed,ward,14,fixed",
        opening="census",
        census="locality,site,package,people\nnorth,hill,stay,4",
    )


@cache
def teams() -> Instance:
    """Two teams that may help each other, with agency, turnover, recruits who come late, and visits that taper."""
    return tiny(
        WITH_TEAM,
        TWO_LOCALITIES,
        roles="role,contact_hours_per_week,turnover_per_year,recruitment_periods\nworker,20,4.8,1",
        staff="""
            locality,role,wte,wte_max,wte_step,hires_max_per_period,wte_month_gbp,agency_hour_gbp,available_from
            north,worker,3,20,0.5,2,400,30,2018-02-17
            south,worker,2,20,1,,400,,
            """,
        arrivals="locality,role,month,wte\nnorth,worker,2018-03,2",
        cross_cover="""
            resource,from_locality,to_locality,travel_share
            worker,north,south,0.25
            worker,south,north,0.5
            """,
        packages="package,setting,stay_days,stay_distribution\ncare,home,14,fixed",
        package_hours="""
            package,role,from_day,to_day,hours_per_week,hours_per_start
            care,worker,0,7,14,2
            care,worker,7,,3.5,
            """,
        opening="census",
        census="locality,package,people\nnorth,care,4",
        start="2018-02-15",
        periods=3,
        capacity_changes_every=2,
        limits="""
            limit,resource,from,min,max
            agreed,worker,2018-02-22,3,9
            """,
    )


@cache
def one_team() -> Instance:
    """One team for two localities with roads of their own, at home and in the beds of one site."""
    return tiny(
        WITH_TEAM,
        TWO_LOCALITIES,
        sites="site,locality\nhill,south",
        bed_types="bed_type,occupancy_max\nward,1",
        site_beds="site,bed_type,beds_max,bed_day_gbp\nhill,ward,20,10",
        staff="locality,role,wte_max,wte_month_gbp\nall,worker,20,400",
        packages="""
            package,setting,bed_type,stay_days,stay_distribution
            care,home,,14,fixed
            stay,bed,ward,7,fixed
            """,
        eligibility="pathway,package\ngoing_home,stay\ngoing_home,care",
        package_hours="package,role,hours_per_week\ncare,worker,7\nstay,worker,3.5",
    )


@cache
def crews() -> Instance:
    """Two crews that may help each other, on weekdays, with spot care, cover, lead and notice."""
    return tiny(
        WITH_CREW,
        TWO_LOCALITIES,
        shift_types="shift_type,days,start,hours,care_hours\nday,weekdays,08:00,8,6",
        shifts="""
            locality,shift_type,shifts,shifts_max,shift_gbp,lead_periods,notice_periods,spot_care_hour_gbp,available_to
            north,day,3,20,100,1,,25,2018-02-13
            south,day,2,20,100,,1,,
            """,
        cross_cover="""
            resource,from_locality,to_locality,travel_share
            day,north,south,0.25
            day,south,north,0.5
            """,
        cover="""
            network,locality,shift_type,on_duty_min
            hills,,day,3
            ,north,day,1
            """,
        package_care="package,shift_type,to_day,care_hours_per_day\ncare,day,3.5,2",
        opening="census",
        census="locality,package,people\nnorth,care,4",
    )


@cache
def targets() -> Instance:
    """A target of every way to be counted, some with a price on missing them."""
    return tiny(
        IN_BEDS,
        TWO_LOCALITIES,
        sites="site,locality,provider,beds_max\nhill,north,Trust,40",
        bed_types="bed_type,occupancy_max\nflat,1\nward,0.9",
        site_beds="""
            site,bed_type,beds_max,bed_day_gbp,spot_bed_day_gbp
            hill,flat,10,12,
            hill,ward,20,10,30
            """,
        packages="package,setting,bed_type,stay_days,start_gbp\nstay,bed,ward,7,\ncare,home,,7,50",
        eligibility="pathway,package,success\ngoing_home,stay,0.9\ngoing_home,care,0.8",
        waiting="locality,pathway,people\nnorth,going_home,2",
        targets="""
            target,metric,sense,value,unit,locality,package,bed_type,for_each,shortfall_gbp
            admissions,admissions,min,3,per_week,north,,,,
            beds_of_type,bed_share,min,0.25,share,,,flat,,
            delays,delayed_days,max,20,total,,,,,
            discharges,discharges,min,10,per_week,,,,,500
            fullness,occupancy,max,0.8,share,,,ward,,
            gap,served_share_gap,max,0.3,share,,,,locality,
            money,spend,max,9000,total,north,,,,2
            rate,discharge_rate,min,0.5,share,south,care,,,900
            successes,successes,min,4,per_week,south,,,,
            waits,mean_wait_days,max,3,total,north,,,,
            """,
    )


@cache
def bed_limits() -> Instance:
    """Sums of beds and shifts, by date; of posts see `teams`."""
    return tiny(
        IN_BEDS,
        {name: WITH_CREW[name] for name in ("shift_types", "shifts")},
        site_beds="site,bed_type,beds_max,bed_day_gbp\nhill,ward,20,10\ndale,ward,20,10",
        sites="site,locality,kind\nhill,north,care_home\ndale,north,other",
        limits="""
            limit,resource,kind,from,min,max
            beds,ward,,,3,9
            care_homes,ward,care_home,2018-02-12,1,5
            crews,day,,,2,4
            """,
        capacity_changes_every=2,
    )


@cache
def schemes() -> Instance:
    """A mandatory hub, teams that follow it locality by locality with a pilot and a ramp, and what they exclude."""
    return tiny(
        IN_BEDS,
        TWO_LOCALITIES,
        sites="site,locality,beds_max,open_gbp_per_month\nhill,north,6,400",
        site_beds="site,bed_type,beds_max,bed_day_gbp,spot_bed_day_gbp\nhill,ward,20,10,30",
        pathways="pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_up,100,1000",
        targets="""
            target,metric,sense,value,unit,for_each
            gap,served_share_gap,max,0.3,share,locality
            rate,diversion_rate,min,0.5,share,
            """,
        schemes="""
            scheme,one_off_gbp,month_gbp,by_locality,mandatory,requires,excludes,go_lives_max_per_period,pilot_locality,pilot_periods,ramp_periods,lasts_periods
            hub,900,400,no,yes,,,,,,,
            rival,,200,no,no,,teams,,,,,1
            teams,300,80,yes,no,hub,,1,south,1,1,
            """,
        scheme_effects="""
            scheme,effect,locality,multiply,add
            hub,sites.beds_max,,1,4
            rival,sites.beds_max,,1.5,
            rival,pathways.unmet_gbp,,0.5,
            teams,pathways.unmet_gbp,north,0.8,-50
            teams,referrals.people_per_month,,0.9,-2
            """,
        periods=3,
    )


@cache
def lists() -> Instance:
    """Two units on one list, with spot beds and steps, and one on its own; people who may start on both lists."""
    return tiny(
        IN_BEDS,
        sites="site,locality\nhill,north\ndale,north\nmoor,north",
        bed_types="bed_type,congestion,queue_day_gbp\nward,wait,50",
        site_beds="""
            site,bed_type,waiting_list,beds_max,beds_step,unit_beds_min,bed_day_gbp,spot_bed_day_gbp
            hill,ward,uplands,6,2,4,10,
            dale,ward,uplands,4,1,,10,30
            moor,ward,,5,1,2,10,
            """,
        packages="package,setting,bed_type,stay_days\nstay,bed,ward,7",
        waiting="locality,pathway,people\nnorth,going_home,4",
    )


@cache
def wards() -> Instance:
    """Wards of one hospital and of a sub-region of two, on discharges and diversions, for three weeks and one."""
    return tiny(
        AT_HOME,
        hospitals="hospital,sub_region\nroyal,\ngeneral,county\ninfirmary,county",
        pathways="""
            pathway,direction,delay_day_gbp,unmet_gbp
            going_home,step_down,100,1000
            staying_home,step_up,100,1000
            """,
        eligibility="""
            pathway,package,success,failure_acute_bed_days
            going_home,care,0.9,5
            staying_home,care,0.5,1
            """,
        referrals="""
            locality,hospital,pathway,people_per_week
            north,royal,going_home,7
            north,royal,staying_home,14
            north,general,going_home,7
            north,infirmary,staying_home,3.5
            """,
        acute_beds="""
            hospital,discharges_baseline_per_month,diversions_baseline_per_month,bed_days_per_discharge,bed_days_per_diversion,ward_beds,wards_max,occupancy,ward_month_gbp
            royal,8,12,3,6,10,2,0.9,50000
            county,16,,4,6,24,1,0.5,50000
            """,
        periods=4,
        capacity_changes_every=3,
    )


@cache
def budgets() -> Instance:
    """Beds, care at home and posts in two localities with funders of their own, who share a pool over a year's end."""
    return tiny(
        IN_BEDS,
        {name: WITH_TEAM[name] for name in ("roles", "staff", "package_hours")},
        TWO_LOCALITIES,
        packages="package,setting,bed_type,stay_days,care_day_gbp\nstay,bed,ward,7,\ncare,home,,7,5",
        eligibility="pathway,package\ngoing_home,stay\ngoing_home,care",
        funding="""
            item,key,locality,funder,share
            beds,,,nhs,0.75
            beds,,,council,0.25
            staff,worker,north,nhs,
            care_days,,south,council,
            """,
        budgets="""
            funder,year,budget_gbp,committed_gbp
            nhs,2017/18,48000,4800
            nhs,2018/19,48000,
            council,2018/19,24000,
            """,
        budget_pools="pool,funder,transfer_max_gbp\nboth,nhs,9600\nboth,council,",
        start="2018-03-26",
        price_rise_per_year=0.1,
    )


@cache
def refusals() -> Instance:
    """Beds that turn one in ten away, and care at home that turns nobody away."""
    return tiny(
        IN_BEDS,
        bed_types="bed_type,congestion,refusal_probability_max\nward,refuse,0.1",
        packages="package,setting,bed_type,stay_days\nstay,bed,ward,7\ncare,home,,7",
        eligibility="pathway,package\ngoing_home,stay\ngoing_home,care",
    )


@cache
def scheme_starts() -> Instance:
    """Two schemes that shorten the stay in a bed, one of them in steps, and one that makes visits shorter."""
    return tiny(
        IN_BEDS,
        {name: WITH_TEAM[name] for name in ("roles", "staff", "package_hours")},
        packages="""
            package,setting,bed_type,stay_days,stay_distribution
            stay,bed,ward,14,fixed
            care,home,,7,fixed
            """,
        eligibility="pathway,package,success\ngoing_home,stay,0.8\ngoing_home,care,0.6",
        waiting="locality,pathway,people\nnorth,going_home,3",
        schemes="""
            scheme,ramp_periods,lasts_periods
            planning,1,
            telecare,,
            ward_round,,1
            """,
        scheme_effects="""
            scheme,effect,package,multiply
            planning,packages.stay_days,stay,0.5
            telecare,package_hours.hours_per_week,care,0.75
            ward_round,packages.stay_days,stay,0.8
            ward_round,eligibility.success,stay,1.1
            """,
    )


CASES = {
    "waiting_balance": people,
    "wait_limit": people,
    "opening_limit": people,
    "starts_so_far_balance": people,
    "eligibility_limit": people,
    "starts_at_balance": localities,
    "starts_home_balance": localities,
    "people_days_balance": beds,
    "bed_capacity": beds,
    "bed_balance": beds,
    "conversion_capacity": beds,
    "bed_step_balance": beds,
    "site_capacity": beds,
    "site_reopening_link": beds,
    "site_closing_link": beds,
    "site_link": beds,
    "unit_size_minimum": beds,
    "unit_open_link": beds,
    "queue_minimum": lists,
    "waiting_shared_limit": lists,
    "service_level_limit": refusals,
    "list_size_minimum": lists,
    "list_open_link": lists,
    "list_link": lists,
    "starts_served_balance": one_team,
    "hours_needed_balance": teams,
    "staff_capacity": teams,
    "wte_balance": teams,
    "hire_step_balance": teams,
    "hiring_limit": teams,
    "care_hours_needed_balance": crews,
    "shift_capacity": crews,
    "shift_balance": crews,
    "shift_cover_minimum": crews,
    "cross_cover_limit": teams,
    "total_minimum": bed_limits,
    "total_limit": teams,
    "scheme_age_link": schemes,
    "scheme_mandatory_minimum": schemes,
    "scheme_order_link": schemes,
    "scheme_exclusion_link": schemes,
    "scheme_pilot_link": schemes,
    "go_live_limit": schemes,
    "joint_state_balance": schemes,
    "unmet_state_balance": schemes,
    "unmet_state_link": schemes,
    "site_scheme_capacity": schemes,
    "scheme_state_limit": scheme_starts,
    "share_if_live_link": schemes,
    "share_if_live_limit": schemes,
    "share_if_live_minimum": schemes,
    "target_minimum": targets,
    "target_limit": targets,
    "highest_share_minimum": schemes,
    "lowest_share_limit": schemes,
    "bed_days_freed_balance": wards,
    "ward_release_link": wards,
    "any_ward_link": wards,
    "ward_order_link": wards,
    "budget_limit": budgets,
    "pool_balance": budgets,
    "transfer_limit": budgets,
}
"""The instance of each family's snapshot."""
