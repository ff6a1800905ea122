use clock::Clock;
use jiff::Timestamp;

use super::*;

const CREATE: Point = Point::KashflowWrite { operation: "createInvoice" };
const LIST: Point = Point::KashflowRead { operation: "listInvoices" };

fn plan(level: FaultLevel, seed: u64) -> Faults {
    Faults::new(level, seed, Clock::virtual_at("2026-11-02T00:00:00Z".parse::<Timestamp>().unwrap()))
}

fn draws(faults: &Faults, point: Point, times: usize) -> Vec<Option<Fault>> {
    (0..times).map(|_| faults.draw(point)).collect()
}

#[test]
fn the_same_seed_gives_the_same_faults_whatever_other_points_draw() {
    let (quiet, busy) = (plan(FaultLevel::Wild, 7), plan(FaultLevel::Wild, 7));
    // Expiries are rationed over all points, so they alone depend on the others.
    let rest = |fault: Option<Fault>| fault.filter(|fault| *fault != Fault::ExpiredSession);
    let alone: Vec<_> = draws(&quiet, CREATE, 500).into_iter().map(rest).collect();
    let beside: Vec<_> = (0..500).map(|_| rest((busy.draw(LIST), busy.draw(CREATE)).1)).collect();
    assert_eq!(alone, beside);
    assert_ne!(alone, draws(&plan(FaultLevel::Wild, 8), CREATE, 500));
}

#[test]
fn none_and_people_draw_nothing() {
    for level in [FaultLevel::None, FaultLevel::People] {
        assert!(draws(&plan(level, 1), CREATE, 2_000).iter().all(Option::is_none));
    }
}

#[test]
fn every_kind_but_outages_fires_within_a_few_thousand_draws() {
    let faults = plan(FaultLevel::Wild, 3);
    let points = [CREATE, LIST, Point::AmazonCall { operation: "searchOrders" }, Point::LwaCall, Point::QueueReceive];
    for point in points.into_iter().chain([Point::Notification, Point::KashflowLogin]) {
        draws(&faults, point, 2_000);
    }
    assert!(faults.not_fired().iter().all(|kind| *kind == FaultKind::Outage), "{:?}", faults.not_fired());
}

#[test]
fn a_point_outside_an_outage_fails_at_most_three_times_running() {
    for seed in 0..20 {
        let mut running = 0;
        for fault in draws(&plan(FaultLevel::Wild, seed), CREATE, 5_000) {
            running = if fault.is_some_and(|fault| fault != Fault::Outage) { running + 1 } else { 0 };
            assert!(running <= IN_A_ROW_MAX);
        }
    }
}

#[test]
fn mild_is_about_a_tenth_of_wild() {
    let count = |level| draws(&plan(level, 5), CREATE, 20_000).iter().flatten().count();
    let (mild, wild) = (count(FaultLevel::Mild), count(FaultLevel::Wild));
    assert!((100..500).contains(&mild) && (2_000..4_000).contains(&wild), "{mild} {wild}");
}

#[test]
fn an_outage_comes_each_day_at_level_wild_and_ends_within_two_hours() {
    let dice = Dice::new(11);
    for day in 0..30 {
        let out = (0..1440)
            .filter(|minute| {
                let now = Timestamp::from_second(1_793_577_600 + day * 86_400 + minute * 60).unwrap();
                outage::is_out(FaultLevel::Wild, &dice, CREATE, now)
            })
            .count();
        assert!((1..=121).contains(&out), "day {day}: {out} minutes");
    }
}

#[test]
fn a_dialled_fault_comes_first_once_and_is_counted() {
    let faults = plan(FaultLevel::None, 1);
    faults.dial(CREATE, Fault::ResetAfterCommit);
    assert_eq!(draws(&faults, LIST, 1), [None]);
    assert_eq!(draws(&faults, CREATE, 2), [Some(Fault::ResetAfterCommit), None]);
    assert_eq!(faults.fired().get(&FaultKind::ResetAfterCommit), Some(&1));
}

#[test]
fn sessions_expire_at_most_once_an_hour() {
    let faults = plan(FaultLevel::Wild, 3);
    draws(&faults, LIST, 5_000);
    draws(&faults, CREATE, 5_000);
    assert_eq!(faults.fired()[&FaultKind::ExpiredSession], 1, "the clock stands still");
}
