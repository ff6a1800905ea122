//! Decides how to look next, so that no quota of the seller is wasted (facts: Amazon §4, "required design").
//!
//! Two buckets give orders: single reads (1,800 an hour) and pages of 100 (2,016 an hour, up to 2,000 at once after a rest).
//! A small backlog of hints is read one by one; a large one also by a listing from the watermark on, both side by side:
//! 3,816 an hour. They must not read the same orders: a listing works from the oldest change upwards, so while one is under
//! way the runner takes the *newest* hints for [`Look::Single`]; otherwise the oldest.
//!
//! Without hints there is nothing to read singly. A long listing then gets names from elsewhere: a report names any number of orders
//! at once, the list of Orders v0 names 100 a call from a quota that is else idle, window by window from the newest change down.
//! When the two ends meet, [`Look::Listed`] ends the listing: its rest was named, and read one by one.
//!
//! Every listing begins at or before the watermark. Only so may its end become the next watermark.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ports::{BacklogSituation, BulkJob, BulkState, ChangeQuery, Limit, Look, Named};

/// Hints above which a listing helps.
pub const LARGE_BACKLOG: usize = 900;
/// Hints above which a listing helps if half of its bucket lies idle.
const LISTING_FOR_FREE: usize = 100;
/// Each sweep looks back this far behind the watermark: orders appear late in lists.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// Time between sweeps without a queue: the shortest that the quota of `searchOrders` bears.
const SWEEP_ALONE: SignedDuration = SignedDuration::from_mins(5);
/// Time between sweeps beside a queue: short while tokens are plenty, long while they are not.
const SWEEP_BESIDE_HINTS: [SignedDuration; 2] = [SignedDuration::from_mins(30), SignedDuration::from_mins(60)];
/// A listing ends two minutes ago; a little more makes it worth a call.
const LISTING_LAG: SignedDuration = SignedDuration::from_mins(3);
/// If pages would need longer than this, a report is quicker.
const PAGES_MAX: Duration = Duration::from_secs(3_600);
/// Longest window of one order report.
const REPORT_SPAN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Reports lag behind; a window ends this long ago.
const REPORT_LAG: SignedDuration = SignedDuration::from_mins(15);
/// Fewer hints than this, and names are asked for: single reads shall not run dry.
const NAMES_LOW: usize = 100;
/// The part of what is left that one window of names takes.
const NAMES_PART: i32 = 8;
/// After a report was wanted, the next at the earliest.
const REPORT_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// A plan is asked for again at least this often while it waits for a page token whose moment it does not know.
const TOKEN_POLL: Duration = Duration::from_secs(15);

/// What can be spent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Tokens for pages.
    pub pages: u32,
    /// Their bucket.
    pub pages_limit: Limit,
    /// Tokens for single reads.
    pub singles: u32,
    /// Their bucket.
    pub singles_limit: Limit,
    /// Whether each order of a page costs a single read as well (Orders v0).
    pub pages_cost_singles: bool,
    /// Whether reports may be used.
    pub reports: bool,
    /// Tokens for pages of names; 0 where there is no such list.
    pub names: u32,
}

/// The next thing to do. The caller does it and asks again; pages and single reads alternate as their buckets fill.
pub fn plan(situation: &BacklogSituation, levels: &Levels) -> Look {
    if let Some(up_to) = met(situation) {
        return Look::Listed { up_to };
    }
    if let Some(job) = report(situation, levels) {
        return Look::Bulk(job);
    }
    let listing = situation.sweep_under_way.clone().or_else(|| begin_listing(situation, levels));
    let page_possible = levels.pages >= 1 && (!levels.pages_cost_singles || levels.singles >= 1);
    if let Some(query) = &listing
        && page_possible
    {
        return Look::Page(query.clone());
    }
    if let Some(query) = names(situation, levels) {
        return Look::Names(query);
    }
    if situation.hinted > 0 && levels.singles >= 1 {
        return Look::Single { at_most: situation.hinted.min(levels.singles as usize) };
    }
    Look::Rest { until: rest(situation, levels, listing.is_some()) }
}

/// Up to where everything is read, if the listing under way has come to what was named and all that was named is read.
fn met(situation: &BacklogSituation) -> Option<Timestamp> {
    situation.sweep_under_way.as_ref()?;
    let (named, listed) = (situation.named.as_ref()?, situation.listed_until?);
    let read = situation.oldest_hint.is_none_or(|oldest| oldest > named.until);
    (named.listing.is_none() && named.from <= listed && listed < named.until && read).then_some(named.until)
}

/// The next page of names, if a long listing lacks tokens and single reads lack something to read.
fn names(situation: &BacklogSituation, levels: &Levels) -> Option<ChangeQuery> {
    let (listing, listed) = (situation.sweep_under_way.as_ref()?, situation.listed_until?);
    if situation.names_refused
        || levels.names == 0
        || levels.singles == 0
        || situation.hinted >= NAMES_LOW
        || listing.page_token.is_none()
    {
        return None;
    }
    let upper = match &situation.named {
        Some(Named { listing: Some(query), .. }) => return Some(query.clone()),
        Some(named) => named.from,
        None => earlier(situation.now, LISTING_LAG),
    };
    let left = upper.duration_since(listed);
    if left <= SignedDuration::ZERO {
        return None;
    }
    // A part of what is left, however many orders that is: changes are never spread evenly, and a window costs no more for being long.
    let from = earlier(upper, (left / NAMES_PART).max(SignedDuration::from_mins(1))).max(listed);
    Some(ChangeQuery { changed_after: from, changed_before: Some(upper), page_token: None })
}

/// A new listing, if one is due.
fn begin_listing(situation: &BacklogSituation, levels: &Levels) -> Option<ChangeQuery> {
    let now = situation.now;
    let since_last = situation.last_sweep.map(|last| now.duration_since(last));
    let scheduled = since_last.is_none_or(|since| since >= sweep_interval(situation, levels));
    let for_backlog = backlog_is_large(situation, levels)
        && now.duration_since(situation.watermark) >= LISTING_LAG
        && situation.oldest_hint.is_some_and(|oldest| now.duration_since(oldest) >= LISTING_LAG);
    if !scheduled && !for_backlog {
        return None;
    }
    // A listing that follows closely on another leaves the overlap to the next scheduled one: it would cost pages.
    let overlap = if scheduled { OVERLAP } else { SignedDuration::ZERO };
    let latest = earlier(now, LISTING_LAG);
    let changed_after = earlier(situation.watermark, overlap).min(latest);
    Some(ChangeQuery { changed_after, changed_before: None, page_token: None })
}

fn backlog_is_large(situation: &BacklogSituation, levels: &Levels) -> bool {
    let idle = levels.pages.saturating_mul(2) >= levels.pages_limit.burst && !levels.pages_cost_singles;
    situation.hinted >= LARGE_BACKLOG || (situation.hinted >= LISTING_FOR_FREE && idle)
}

fn sweep_interval(situation: &BacklogSituation, levels: &Levels) -> SignedDuration {
    let [short, long] = SWEEP_BESIDE_HINTS;
    let plenty = levels.pages.saturating_mul(2) >= levels.pages_limit.burst;
    match (situation.has_hints, plenty) {
        (false, _) => SWEEP_ALONE,
        (true, true) => short,
        (true, false) => long,
    }
}

/// A report, if pages would take too long for the gap. It is made while pages and single reads go on.
fn report(situation: &BacklogSituation, levels: &Levels) -> Option<BulkJob> {
    let per_day = situation.orders_per_day.filter(|_| levels.reports && !situation.bulk_under_way)?;
    let rested = situation.last_bulk.is_none_or(|last| situation.now.duration_since(last) >= REPORT_PAUSE);
    // What a listing has come to, or an earlier report has named, need not be named again.
    let known = [Some(situation.watermark), situation.listed_until, named_until(situation)];
    let known = known.into_iter().flatten().max().unwrap_or(situation.watermark);
    let gap = situation.now.duration_since(known);
    if !rested || gap <= REPORT_LAG {
        return None;
    }
    let orders = u64::from(per_day).saturating_mul(u64::try_from(gap.as_secs()).unwrap_or(0)) / 86_400;
    let pages = u32::try_from(orders / 100).unwrap_or(u32::MAX).saturating_sub(levels.pages);
    if levels.pages_limit.interval.saturating_mul(pages) <= PAGES_MAX {
        return None;
    }
    let from = whole_second(earlier(known, OVERLAP));
    let to = later(from, REPORT_SPAN).min(whole_second(earlier(situation.now, REPORT_LAG)));
    Some(BulkJob { from, to, state: BulkState::Wanted })
}

/// Up to where names are known without a gap, if they are from where a listing has come.
fn named_until(situation: &BacklogSituation) -> Option<Timestamp> {
    let named = situation.named.as_ref()?;
    let listed = situation.listed_until.unwrap_or(situation.watermark).max(situation.watermark);
    (named.from <= listed).then_some(named.until)
}

/// Until when nothing is worth a call.
fn rest(situation: &BacklogSituation, levels: &Levels, listing_wanted: bool) -> Timestamp {
    let now = situation.now;
    let mut until = match situation.last_sweep {
        Some(last) => later(last, sweep_interval(situation, levels)),
        None => clock::later(now, TOKEN_POLL),
    };
    if listing_wanted {
        until = until.max(now).min(clock::later(now, levels.pages_limit.interval.min(TOKEN_POLL)));
        if until <= now {
            until = clock::later(now, levels.pages_limit.interval.min(TOKEN_POLL));
        }
    }
    if situation.hinted > 0 {
        until = until.min(clock::later(now, levels.singles_limit.interval.min(TOKEN_POLL)));
    }
    until.max(clock::later(now, Duration::from_secs(1)))
}

fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// Reports are found again by their window, which Amazon repeats in milliseconds at best.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
