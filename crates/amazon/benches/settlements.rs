//! How fast a settlement file is read, with how much memory, beside nothing else.
//!
//! `cargo bench -p amazon --bench settlements` writes a file of a million rows (`SETTLEMENT_ROWS` for another number) and reads it;
//! `SETTLEMENT_FILE=path` reads a given one. Each measurement is a process of its own, so that its peak memory is its own:
//! `check` parses every field that has a form, sums by triple and proves the identity; `rows` also builds every canonical row.
//! Linux only, because memory and processor time are read from `/proc`. How to run other tools beside it: `benches/README.md`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use amazon::settlements::{Input, Options, SettlementFile};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--work") {
        return work(&arguments[at + 1], arguments[at + 2].parse().unwrap(), Path::new(&arguments[at + 3]));
    }
    let given = std::env::var_os("SETTLEMENT_FILE").map(PathBuf::from);
    let folder = std::env::temp_dir().join(format!("settlement-bench-{}", std::process::id()));
    let path = given.clone().unwrap_or_else(|| {
        std::fs::create_dir_all(&folder).unwrap();
        let rows = std::env::var("SETTLEMENT_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
        let path = folder.join("settlement.txt");
        generate(&path, rows);
        path
    });
    let bytes = std::fs::metadata(&path).unwrap().len();
    println!("{} ({} MB)", path.display(), bytes / 1_000_000);
    // Read once, so that every measurement finds the file in memory.
    std::io::copy(&mut File::open(&path).unwrap(), &mut std::io::sink()).unwrap();
    for (job, threads) in [("check", 1), ("check", 2), ("rows", 1)] {
        for _ in 0..3 {
            let started = now();
            let output = Command::new(std::env::current_exe().unwrap())
                .args(["--work", job, &threads.to_string()])
                .arg(&path)
                .output()
                .unwrap();
            let wall_ms = started.elapsed().as_millis().max(1);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let told = String::from_utf8_lossy(&output.stdout);
            let megabytes_per_s = u128::from(bytes) / 1000 / wall_ms;
            println!("{job}, {threads} thread(s): {wall_ms} ms wall, {megabytes_per_s} MB/s, {}", told.trim());
        }
    }
    if given.is_none() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

#[allow(clippy::disallowed_methods, reason = "a measurement")]
fn now() -> Instant {
    Instant::now()
}

fn work(job: &str, threads: usize, path: &Path) {
    let file = SettlementFile::open(Input::Path(path), Options::default()).unwrap();
    let mut rows = 0_u64;
    let mut filled = 0_u64;
    for settlement in file.check(if job == "rows" { 2 } else { threads }).unwrap() {
        assert!(settlement.balanced, "{:?}", settlement.problems);
        rows += settlement.rows;
        if job == "rows" {
            file.rows(&settlement, |row| filled += u64::from(!row.sku.is_empty() && row.posted_at.is_some())).unwrap();
        }
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()).unwrap();
    let peak_kib: u64 = peak.parse().unwrap();
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = fields[11..13].iter().map(|field| field.parse::<u64>().unwrap()).sum();
    println!("{} ms CPU, {} MiB peak, {rows} rows ({filled} filled)", ticks * 10, peak_kib / 1024);
}

/// A settlement of `rows` rows that balances, shaped like Amazon's: orders of three to seven amounts, some refunds, some fees.
fn generate(path: &Path, rows: u64) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    let header = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t\
                  transaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\t\
                  amount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\t\
                  merchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased\tpromotion-id";
    let total = rows as i64 * 400;
    writeln!(out, "{header}").unwrap();
    let period = "2026-03-01 00:00:00 UTC\t2026-03-15 00:00:00 UTC\t2026-03-17 00:00:00 UTC";
    writeln!(out, "26031877012\t{period}\t{}\tGBP{}", digits(total), "\t".repeat(18)).unwrap();
    let mut random = 88_172_645_463_325_252_u64;
    let mut next = |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let names = [
        ("ItemPrice", "Principal"),
        ("ItemPrice", "Tax"),
        ("ItemFees", "Commission"),
        ("ItemFees", "FBAPerUnitFulfillmentFee"),
        ("ItemFees", "DigitalServicesFee"),
        ("Promotion", "Principal"),
    ];
    let (mut written, mut sum) = (0, 0);
    while written + 1 < rows {
        let kind = if next(33) == 0 { "Refund" } else { "Order" };
        let (order, item, sku, day) = (next(10_000_000), next(100_000_000_000_000), next(4000), 1 + next(14));
        let time = format!("{:02}:{:02}:{:02}", next(24), next(60), next(60));
        for (class, name) in names.iter().take(3 + next(4) as usize) {
            if written + 1 == rows {
                break;
            }
            let amount = next(4000) as i64 - 1500;
            sum += amount;
            written += 1;
            writeln!(
                out,
                "26031877012\t\t\t\t\tGBP\t{kind}\t202-{order:07}-{order:07}\t\t\tD{order:09}\tAmazon.co.uk\t{class}\t{name}\t{}\tAFN\t\
                 2026-03-{day:02}\t2026-03-{day:02} {time} UTC\t{item:014}\t\t\tMUG-BLK-{sku:04}\t1\t",
                digits(amount)
            )
            .unwrap();
        }
    }
    let reserve = digits(total - sum);
    writeln!(out, "26031877012\t\t\t\t\tGBP\tother-transaction\t\t\t\t\t\tother-transaction\tCurrent Reserve Amount\t{reserve}\t\t2026-03-14\t2026-03-14 23:59:59 UTC\t\t\t\t\t\t").unwrap();
    out.flush().unwrap();
}

fn digits(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", minor.abs() / 100, minor.abs() % 100)
}
