//! The quickest reading that this bench needs: blocks of lines, split among threads at line ends.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use jiff::civil::Date;
use memchr::{memchr, memchr_iter, memrchr};
use money::{Currency, Money};
use reconcile::{Part, Row, RowGroups};

/// The order list, its texts kept together.
#[derive(Default)]
pub struct Orders {
    text: String,
    rows: Vec<(u32, u8, Option<Date>, i64)>,
}

impl Orders {
    /// Order, day and gross in minor units.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<Date>, i64)> {
        self.rows
            .iter()
            .map(|&(at, length, on, minor)| (&self.text[at as usize..at as usize + usize::from(length)], on, minor))
    }
}

/// Reads the settlement on `threads` threads, and the orders on the first that is free.
pub fn both(settlement: &Path, orders: &Path, threads: u64) -> (RowGroups, Orders) {
    let size = settlement.metadata().expect("the settlement file").len();
    let part = size.div_ceil(threads);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (1..threads)
            .map(|at| scope.spawn(move || rows(settlement, part * at, part * (at + 1)).finish().expect("sums fit")))
            .collect();
        let mut groups = rows(settlement, 0, part);
        let orders = self::orders(orders);
        for reader in readers {
            groups.absorb(reader.join().expect("a reader")).expect("sums fit");
        }
        (groups, orders)
    })
}

/// The rows that begin in `from..to`.
fn rows(path: &Path, from: u64, to: u64) -> RowGroups {
    let mut groups = RowGroups::new(Currency::GBP);
    lines(path, from, to, |line| {
        let mut tabs = memchr_iter(b'\t', line.as_bytes());
        let (Some(a), Some(b), Some(c)) = (tabs.nth(5), tabs.next(), tabs.next()) else { return };
        if &line[a + 1..b] != "Order" {
            return;
        }
        let order = &line[b + 1..c];
        let (Some(d), Some(e), Some(f), Some(g)) = (tabs.nth(3), tabs.next(), tabs.next(), tabs.next()) else { return };
        if order.is_empty() || &line[d + 1..e] != "ItemPrice" {
            return;
        }
        let amount = Money::parse(&line[f + 1..g], Currency::GBP).expect("an amount");
        let (Some(h), Some(i)) = (tabs.nth(2), tabs.next()) else { return };
        let on = line.get(h - 23..h - 13).and_then(day);
        let item = &line[h + 1..i];
        let (Some(j), Some(k)) = (tabs.nth(1), tabs.next()) else { return };
        let row = Row { part: Part::Price, sku: &line[j + 1..k], on, ..Row::sale(order, item, amount) };
        groups.add(&row).expect("sums fit");
    });
    groups
}

fn orders(path: &Path) -> Orders {
    let mut orders = Orders::default();
    lines(path, 0, u64::MAX, |line| {
        let mut fields = line.split('\t');
        let (Some(order), Some(date), Some(_), Some(gross)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return;
        };
        let Ok(gross) = Money::parse(gross, Currency::GBP) else { return };
        orders.rows.push((orders.text.len() as u32, order.len() as u8, day(date), gross.minor()));
        orders.text.push_str(order);
    });
    orders
}

/// `2026-03-01`, read by digits.
fn day(text: &str) -> Option<Date> {
    let digit = |at: usize| text.as_bytes().get(at).map(|byte| i16::from(byte.wrapping_sub(b'0')));
    let two = |at: usize| Some(digit(at)? * 10 + digit(at + 1)?);
    Date::new(two(0)? * 100 + two(2)?, i8::try_from(two(5)?).ok()?, i8::try_from(two(8)?).ok()?).ok()
}

/// Calls `each` with every line that begins in `from..to`, the header of the file left out.
fn lines(path: &Path, from: u64, to: u64, mut each: impl FnMut(&str)) {
    let mut file = File::open(path).expect("the file opens");
    // A part begins after the first line end at or after the byte before it.
    let mut at = from.saturating_sub(1);
    file.seek(SeekFrom::Start(at)).expect("the file seeks");
    let mut block = vec![0_u8; 1 << 18];
    let mut kept = 0;
    let mut skip = true;
    loop {
        let read = file.read(&mut block[kept..]).expect("the file reads");
        let full = kept + read;
        let end = match memrchr(b'\n', &block[..full]) {
            Some(end) => end + 1,
            None if read == 0 => return,
            None => {
                kept = full;
                block.resize(block.len().max(2 * kept), 0);
                continue;
            }
        };
        let text = std::str::from_utf8(&block[..end]).expect("UTF-8");
        let mut start = 0;
        while let Some(length) = memchr(b'\n', &text.as_bytes()[start..]) {
            if !std::mem::take(&mut skip) {
                if at + start as u64 >= to {
                    return;
                }
                each(&text[start..start + length]);
            }
            start += length + 1;
        }
        at += end as u64;
        block.copy_within(end..full, 0);
        kept = full - end;
        if read == 0 {
            return;
        }
    }
}
