//! The planner in a small loop with real bucket arithmetic over virtual hours: is the quota used, and is nothing lost?

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ports::{BacklogSituation, ChangeQuery, Limit, Look, Named};

use crate::planner::{Levels, plan};
use crate::throttle::Operation;

const START_S: i64 = 1_800_000_000;

/// A token bucket that begins almost empty, as a fresh process must assume.
struct Bucket {
    limit: Limit,
    tokens_us: i128,
    at_us: i128,
}

impl Bucket {
    fn new(operation: Operation) -> Bucket {
        let limit = operation.limit();
        Bucket { limit, tokens_us: limit.interval.as_micros() as i128, at_us: START_S as i128 * 1_000_000 }
    }

    fn level(&mut self, now_us: i128) -> u32 {
        let one = self.limit.interval.as_micros() as i128;
        self.tokens_us = (self.tokens_us + now_us - self.at_us).min(one * i128::from(self.limit.burst));
        self.at_us = now_us;
        u32::try_from(self.tokens_us / one).unwrap()
    }

    fn take(&mut self, now_us: i128) {
        assert!(self.level(now_us) >= 1, "the planner spent a token that is not there");
        self.tokens_us -= self.limit.interval.as_micros() as i128;
    }
}

/// A seller's account and a runner around the planner.
struct Loop {
    now_us: i128,
    pages: Bucket,
    singles: Bucket,
    /// All changes, oldest first: (second, order).
    changes: Vec<(i64, u32)>,
    hinted: BTreeSet<(i64, u32)>,
    hint_of: BTreeMap<u32, i64>,
    /// The latest change of each order that changed so far, as lists show it.
    latest: BTreeMap<u32, i64>,
    listed: BTreeSet<(i64, u32)>,
    arrived: usize,
    read: BTreeMap<u32, i64>,
    lost: fn(u32) -> bool,
    watermark_s: i64,
    last_sweep: Option<Timestamp>,
    sweep: Option<(ChangeQuery, (i64, u32), i64)>,
    /// The list of names: its bucket, what it told, and where its page ended. Off in most tests.
    names: Option<Bucket>,
    named: Option<Named>,
    named_at: (i64, u32),
    has_hints: bool,
    always_oldest_first: bool,
    calls: [u32; 3],
    lags_s: Vec<i64>,
}

impl Loop {
    fn new(changes: Vec<(i64, u32)>, watermark_s: i64) -> Loop {
        Loop {
            now_us: START_S as i128 * 1_000_000,
            pages: Bucket::new(Operation::SearchOrders),
            singles: Bucket::new(Operation::GetOrder),
            changes,
            hinted: BTreeSet::new(),
            hint_of: BTreeMap::new(),
            latest: BTreeMap::new(),
            listed: BTreeSet::new(),
            arrived: 0,
            read: BTreeMap::new(),
            lost: |_| false,
            watermark_s,
            last_sweep: None,
            sweep: None,
            names: None,
            named: None,
            named_at: (0, 0),
            has_hints: true,
            always_oldest_first: false,
            calls: [0, 0, 0],
            lags_s: Vec::new(),
        }
    }

    fn now_s(&self) -> i64 {
        (self.now_us / 1_000_000) as i64
    }

    fn hours(&self) -> u32 {
        ((self.now_s() - START_S) / 3_600) as u32
    }

    fn receive(&mut self) {
        while let Some(&(at, order)) = self.changes.get(self.arrived).filter(|(at, _)| *at <= self.now_s()) {
            if self.has_hints && !(self.lost)(order) {
                // Debounced: one row for each order, with its latest change.
                if let Some(before) = self.hint_of.insert(order, at) {
                    self.hinted.remove(&(before, order));
                }
                self.hinted.insert((at, order));
            }
            if let Some(before) = self.latest.insert(order, at) {
                self.listed.remove(&(before, order));
            }
            self.listed.insert((at, order));
            self.arrived += 1;
        }
    }

    fn see(&mut self, order: u32, version: i64) {
        if self.read.get(&order).is_none_or(|known| *known < version) {
            self.read.insert(order, version);
            self.lags_s.push(self.now_s() - version.max(START_S));
        }
        if let Some(at) = self.hint_of.get(&order).copied().filter(|at| *at <= version) {
            self.hint_of.remove(&order);
            self.hinted.remove(&(at, order));
        }
    }

    fn step(&mut self) {
        self.receive();
        let now = Timestamp::from_microsecond(self.now_us as i64).unwrap();
        let levels = Levels {
            pages: self.pages.level(self.now_us),
            pages_limit: self.pages.limit,
            singles: self.singles.level(self.now_us),
            singles_limit: self.singles.limit,
            pages_cost_singles: false,
            reports: true,
            names: self.names.as_mut().map_or(0, |bucket| bucket.level(self.now_us)),
        };
        let situation = BacklogSituation {
            now,
            hinted: self.hinted.len(),
            oldest_hint: self.hinted.first().map(|(at, _)| Timestamp::from_second(*at).unwrap()),
            watermark: Timestamp::from_second(self.watermark_s).unwrap(),
            last_sweep: self.last_sweep,
            sweep_under_way: self.sweep.as_ref().map(|(query, _, _)| query.clone()),
            has_hints: self.has_hints,
            listed_until: self.sweep.as_ref().map(|(_, (at, _), _)| Timestamp::from_second(*at).unwrap()),
            named: self.named.clone(),
            ..situation()
        };
        let took_ms = match plan(&situation, &levels) {
            Look::Single { at_most } => self.singles(at_most.min(4)),
            Look::Page(query) => self.page(query, now),
            Look::Names(query) => self.names(query),
            Look::Listed { up_to } => {
                let gap = self.listed.iter().find(|(at, order)| {
                    *at <= up_to.as_second() && self.read.get(order).is_none_or(|version| version < at)
                });
                assert_eq!(gap, None, "the listing ended before this change was read");
                (self.sweep, self.named, self.last_sweep) = (None, None, Some(up_to));
                self.watermark_s = up_to.as_second();
                0
            }
            Look::Bulk(job) => panic!("no report was to be expected: {job:?}"),
            Look::Rest { until } => {
                assert!(until > now, "a rest that ends at once is a spin");
                let next = self.changes.get(self.arrived).map_or(i64::MAX, |(at, _)| *at);
                let wake = i128::from(until.as_microsecond()).min(i128::from(next) * 1_000_000).max(self.now_us + 1);
                self.now_us = wake;
                0
            }
        };
        self.now_us += took_ms * 1_000;
    }

    fn singles(&mut self, count: usize) -> i128 {
        let newest_first = self.sweep.is_some() && !self.always_oldest_first;
        let all = self.hinted.iter().copied();
        let chosen: Vec<_> = if newest_first { all.rev().take(count).collect() } else { all.take(count).collect() };
        for (at, order) in chosen {
            self.singles.take(self.now_us);
            self.calls[1] += 1;
            self.see(order, at);
        }
        300
    }

    fn names(&mut self, query: ChangeQuery) -> i128 {
        self.names.as_mut().expect("there is a list of names").take(self.now_us);
        self.calls[2] += 1;
        let upper = query.changed_before.unwrap();
        let begin =
            if query.page_token.is_some() { self.named_at } else { (query.changed_after.as_second(), u32::MAX) };
        let end = (upper.as_second(), u32::MAX);
        let found: Vec<_> =
            self.listed.range((Bound::Excluded(begin), Bound::Included(end))).take(101).copied().collect();
        for &(at, order) in found.iter().take(100) {
            if self.read.get(&order).is_none_or(|version| *version < at) {
                self.hinted.insert((at, order));
                self.hint_of.insert(order, at);
            }
        }
        let (from, until) = self.named.take().map_or((upper, upper), |named| (named.from, named.until));
        self.named = Some(if found.len() > 100 {
            self.named_at = found[99];
            let next = ChangeQuery { page_token: Some(format!("names after {:?}", found[99])), ..query };
            Named { from, until, listing: Some(next) }
        } else {
            Named { from: query.changed_after, until, listing: None }
        });
        500
    }

    fn page(&mut self, query: ChangeQuery, now: Timestamp) -> i128 {
        self.pages.take(self.now_us);
        self.calls[0] += 1;
        let after = query.changed_after.as_second();
        let (position, up_to) = match &self.sweep {
            Some((_, position, up_to)) if query.page_token.is_some() => (*position, *up_to),
            _ => ((after, u32::MAX), self.now_s() - 120),
        };
        assert!(after <= self.watermark_s, "a listing that begins after the watermark leaves a gap");
        let rest = self.listed.range((Bound::Excluded(position), Bound::Included((up_to, u32::MAX))));
        let seen: Vec<_> = rest.take(101).copied().collect();
        for (at, order) in seen.iter().take(100) {
            // A list shows the order as it is now.
            self.see(*order, *at);
        }
        if seen.len() > 100 {
            let next = ChangeQuery { page_token: Some(format!("after {:?}", seen[99])), ..query };
            self.sweep = Some((next, seen[99], up_to));
        } else {
            self.sweep = None;
            self.named = None;
            self.last_sweep = Some(now);
            self.watermark_s = self.watermark_s.max(up_to);
            while let Some((at, order)) = self.hinted.first().copied().filter(|(at, _)| *at <= up_to) {
                self.hinted.remove(&(at, order));
                self.hint_of.remove(&order);
            }
        }
        1_000
    }
}

fn spread(count: u32, from_s: i64, to_s: i64) -> Vec<(i64, u32)> {
    (0..count).map(|order| (from_s + (to_s - from_s) * i64::from(order) / i64::from(count), order)).collect()
}

fn backlog_per_hour(always_oldest_first: bool) -> i64 {
    let mut account = Loop::new(spread(50_000, START_S - 86_400, START_S - 300), START_S - 86_400);
    account.always_oldest_first = always_oldest_first;
    while account.read.len() < 50_000 {
        account.step();
        assert!(account.hours() < 40, "{} orders after {} h", account.read.len(), account.hours());
    }
    let seconds = account.now_s() - START_S;
    let per_hour = 50_000 * 3_600 / seconds;
    println!(
        "backlog of 50,000, {}: {per_hour} orders/h in {:02}:{:02} h ({} pages, {} single reads; limit 3,816)",
        if always_oldest_first { "single reads oldest first" } else { "single reads from the other end" },
        seconds / 3_600,
        seconds / 60 % 60,
        account.calls[0],
        account.calls[1]
    );
    per_hour
}

#[test]
fn a_backlog_of_50_000_is_read_at_the_speed_of_both_quotas_together() {
    assert!(backlog_per_hour(false) >= 3_816 * 95 / 100);
}

#[test]
fn single_reads_at_the_listings_own_end_would_waste_themselves() {
    assert!(backlog_per_hour(true) < 3_816 * 60 / 100, "if this fails, Look::Single may always take the oldest");
}

#[test]
fn a_steady_flow_of_1_000_an_hour_is_read_within_minutes() {
    let mut account = Loop::new(spread(24_000, START_S, START_S + 86_400), START_S);
    while account.hours() < 25 {
        account.step();
    }
    account.lags_s.sort_unstable();
    let (median, late) = (account.lags_s[account.lags_s.len() / 2], account.lags_s[account.lags_s.len() * 99 / 100]);
    println!(
        "steady 1,000/h: {} orders in 24 h, lag median {median} s, 99 % {late} s ({} pages, {} single reads)",
        account.read.len(),
        account.calls[0],
        account.calls[1]
    );
    assert_eq!(account.read.len(), 24_000);
    assert!(median <= 5 && late <= 60, "median {median} s, 99 % {late} s");
}

#[test]
fn three_changes_of_each_of_1_000_orders_an_hour_are_kept_up_with() {
    let mut changes = Vec::new();
    for (at, order) in spread(24_000, START_S, START_S + 86_400) {
        changes.extend([(at, order), (at + 1_800, order), (at + 7_200, order)]);
    }
    changes.sort_unstable();
    let mut account = Loop::new(changes, START_S);
    while account.hours() < 27 {
        account.step();
    }
    let versions = account.changes.iter().map(|(at, order)| (*order, *at)).collect::<BTreeMap<_, _>>();
    println!(
        "3 changes of 1,000 orders/h: {} pages, {} single reads, {} left",
        account.calls[0],
        account.calls[1],
        account.hinted.len()
    );
    assert!(account.hinted.is_empty() && account.read == versions);
}

#[test]
fn a_peak_of_10_000_orders_in_two_hours_is_over_within_three_and_a_half() {
    let mut account = Loop::new(spread(10_000, START_S, START_S + 7_200), START_S);
    while account.read.len() < 10_000 {
        account.step();
        assert!(account.hours() < 4, "{} orders after {} h", account.read.len(), account.hours());
    }
    // More than the 2.6 h of pure arithmetic: a listing must also pass over what single reads took while orders came in.
    println!("peak of 10,000 in 2 h: read after {} min", (account.now_s() - START_S) / 60);
    assert!(account.now_s() - START_S <= 7 * 1_800);
}

#[test]
fn orders_whose_notification_was_lost_are_found_by_the_next_sweep() {
    let mut account = Loop::new(spread(1_000, START_S, START_S + 7_200), START_S);
    account.lost = |order| order % 10 == 0;
    while account.now_s() < START_S + 7_200 + 3_900 {
        account.step();
    }
    assert_eq!(account.read.len(), 1_000);
    let worst = account.lags_s.iter().max().unwrap();
    assert!(*worst <= 3_900, "{worst} s");
}

#[test]
fn without_a_queue_listings_alone_find_everything_and_keep_to_five_minutes() {
    let mut account = Loop::new(spread(2_400, START_S, START_S + 86_400), START_S);
    account.has_hints = false;
    while account.hours() < 25 {
        account.step();
    }
    println!("no queue, 100/h: {} pages in 25 h, {} single reads", account.calls[0], account.calls[1]);
    assert_eq!((account.read.len(), account.calls[1]), (2_400, 0));
    assert!(account.calls[0] <= 25 * 12 + 20);
    assert!(*account.lags_s.iter().max().unwrap() <= 900);
}

#[test]
fn without_a_queue_a_backlog_is_read_at_the_speed_of_both_quotas_and_nothing_is_lost() {
    let days = |days: i64| START_S - days * 86_400;
    no_queue("spread evenly", spread(50_000, days(30), START_S - 300));
    let mut early = spread(47_500, days(30), days(20));
    early.extend(spread(2_500, days(20), START_S - 300).into_iter().map(|(at, order)| (at, order + 47_500)));
    no_queue("most of it early", early);
}

fn no_queue(shape: &str, backlog: Vec<(i64, u32)>) {
    let mut account = Loop::new(backlog, START_S - 30 * 86_400);
    account.changes.extend((50_000..52_000).map(|order| (START_S + i64::from(order - 50_000) * 20, order)));
    (account.has_hints, account.names) = (false, Some(Bucket::new(Operation::V0GetOrders)));
    while account.read.len() < 50_000 {
        account.step();
        assert!(account.hours() < 40, "{} orders after {} h", account.read.len(), account.hours());
    }
    let per_hour = 50_000 * 3_600 / (account.now_s() - START_S);
    let [pages, singles, names] = account.calls;
    println!(
        "no queue, backlog of 50,000, {shape}: {per_hour} orders/h ({pages} pages, {singles} single reads, {names} lists of names)"
    );
    while account.read.len() < 52_000 {
        account.step();
        assert!(account.hours() < 40, "{} orders after {} h", account.read.len(), account.hours());
    }
    assert!(per_hour >= 3_816 * 90 / 100, "{per_hour} orders/h");
    let ended = account.now_s() - START_S;
    assert!(ended <= 52_000 * 3_600 / 3_300 + 900, "what came in meanwhile waited until {} h", ended / 3_600);
}

#[test]
fn names_are_asked_for_only_where_a_long_listing_lacks_tokens_and_single_reads_lack_names() {
    let next =
        ChangeQuery { changed_after: situation().watermark, changed_before: None, page_token: Some("p2".to_owned()) };
    let long = BacklogSituation {
        sweep_under_way: Some(next.clone()),
        listed_until: Some(situation().now - SignedDuration::from_hours(20)),
        ..situation()
    };
    let dry = Levels { pages: 0, names: 5, ..levels() };
    let Look::Names(query) = plan(&long, &dry) else { panic!("single reads lie idle") };
    assert!(query.changed_before.unwrap() < situation().now, "the newest changes first");
    assert!(query.changed_after > long.listed_until.unwrap());
    assert!(matches!(plan(&long, &Levels { pages: 1, ..dry }), Look::Page(_)), "a page is worth more");
    let enough = BacklogSituation { hinted: 100, oldest_hint: Some(situation().now), ..long.clone() };
    assert!(matches!(plan(&enough, &dry), Look::Single { .. }));
    for without in [
        BacklogSituation { names_refused: true, ..long.clone() },
        BacklogSituation { sweep_under_way: Some(ChangeQuery { page_token: None, ..next }), ..long.clone() },
    ] {
        assert!(matches!(plan(&without, &dry), Look::Rest { .. }));
    }
    assert!(matches!(plan(&long, &Levels { names: 0, ..dry }), Look::Rest { .. }));
    let met = |oldest_hint| BacklogSituation {
        named: Some(Named { from: long.listed_until.unwrap(), until: situation().now, listing: None }),
        hinted: 1,
        oldest_hint,
        ..long.clone()
    };
    assert!(!matches!(plan(&met(long.listed_until), &dry), Look::Listed { .. }), "a named order is not read yet");
    let newer = met(Some(situation().now + SignedDuration::from_secs(1)));
    assert_eq!(plan(&newer, &dry), Look::Listed { up_to: situation().now });
}

fn situation() -> BacklogSituation {
    let now = Timestamp::from_second(START_S).unwrap();
    BacklogSituation {
        now,
        hinted: 0,
        oldest_hint: None,
        watermark: now - SignedDuration::from_mins(20),
        last_sweep: Some(now - SignedDuration::from_mins(18)),
        sweep_under_way: None,
        has_hints: true,
        orders_per_day: None,
        listed_until: None,
        named: None,
        names_refused: false,
        bulk_under_way: false,
        last_bulk: None,
    }
}

fn levels() -> Levels {
    let (pages_limit, singles_limit) = (Operation::SearchOrders.limit(), Operation::GetOrder.limit());
    Levels { pages: 20, pages_limit, singles: 30, singles_limit, pages_cost_singles: false, reports: true, names: 0 }
}

#[test]
fn a_report_is_taken_only_when_pages_would_need_more_than_an_hour() {
    let gap = |days: i64, per_day: u32| BacklogSituation {
        watermark: situation().now - SignedDuration::from_hours(24 * days),
        last_sweep: None,
        orders_per_day: Some(per_day),
        ..situation()
    };
    assert!(matches!(plan(&gap(2, 1_000), &levels()), Look::Page(_)), "2,000 orders are 20 pages, all at once");
    let Look::Bulk(job) = plan(&gap(50, 1_000), &levels()) else { panic!("50,000 orders are a report") };
    assert_eq!(
        job.to.duration_since(job.from),
        SignedDuration::from_hours(30 * 24),
        "one report spans 30 days at most"
    );
    assert!(matches!(plan(&gap(50, 1_000), &Levels { reports: false, ..levels() }), Look::Page(_)));
    let failed_just_now = BacklogSituation { last_bulk: Some(situation().now), ..gap(50, 1_000) };
    assert!(!matches!(plan(&failed_just_now, &levels()), Look::Bulk(_)), "a failed report is not asked for in a loop");
    let under_way = BacklogSituation { bulk_under_way: true, ..gap(50, 1_000) };
    assert!(matches!(plan(&under_way, &levels()), Look::Page(_)), "pages go on while a report is made");
    let query = ChangeQuery { changed_after: gap(50, 1_000).watermark, changed_before: None, page_token: None };
    let listing = BacklogSituation { sweep_under_way: Some(query), ..gap(50, 1_000) };
    assert!(matches!(plan(&listing, &levels()), Look::Bulk(_)), "a report helps a listing under way");
    let named = Named { from: listing.watermark, until: job.to, listing: None };
    let first_named = BacklogSituation { named: Some(named), hinted: 9, oldest_hint: Some(job.to), ..listing };
    let Look::Bulk(second) = plan(&first_named, &levels()) else { panic!("20 days are not named yet") };
    assert!(second.from <= job.to && second.to > job.to, "the next report goes on where the first ended");
}

#[test]
fn a_small_backlog_is_read_one_by_one_and_a_large_one_by_pages() {
    let hints = |hinted: usize| BacklogSituation {
        hinted,
        oldest_hint: Some(situation().now - SignedDuration::from_mins(10)),
        ..situation()
    };
    let scarce = Levels { pages: 3, ..levels() };
    assert_eq!(plan(&hints(7), &scarce), Look::Single { at_most: 7 });
    assert_eq!(plan(&hints(899), &scarce), Look::Single { at_most: 30 });
    assert!(matches!(plan(&hints(900), &scarce), Look::Page(_)));
    assert!(matches!(plan(&hints(200), &levels()), Look::Page(_)), "idle page tokens are used");
    assert!(matches!(plan(&hints(900), &Levels { pages: 0, ..levels() }), Look::Single { .. }));
    let fresh = BacklogSituation { oldest_hint: Some(situation().now), ..hints(900) };
    assert!(matches!(plan(&fresh, &scarce), Look::Single { .. }), "a listing does not show the last two minutes");
}

#[test]
fn a_rest_lasts_until_there_is_something_to_do() {
    let Look::Rest { until } = plan(&situation(), &levels()) else { panic!("nothing to do") };
    assert_eq!(until.duration_since(situation().now), SignedDuration::from_mins(12));
    let waiting = BacklogSituation { hinted: 5, oldest_hint: Some(situation().now), ..situation() };
    let empty = Levels { pages: 0, singles: 0, ..levels() };
    let Look::Rest { until } = plan(&waiting, &empty) else { panic!("no tokens") };
    assert_eq!(until.duration_since(situation().now), SignedDuration::from_secs(2));
}

#[test]
fn with_orders_v0_a_listing_waits_for_single_reads() {
    let due = BacklogSituation { last_sweep: None, ..situation() };
    let v0 = Levels { pages_cost_singles: true, singles: 0, ..levels() };
    assert!(matches!(plan(&due, &v0), Look::Rest { .. }));
    assert!(matches!(plan(&due, &Levels { singles: 1, ..v0 }), Look::Page(_)));
    assert!(Duration::from_secs(1) < Operation::V0GetOrders.limit().interval);
}
