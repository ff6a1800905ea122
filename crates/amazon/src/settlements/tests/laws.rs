//! Laws: what must hold for any settlement, however it is written, ordered or cut.

use proptest::prelude::*;

use super::*;
use crate::tests::zipped;

const TRIPLES: &[(&str, &str, &str)] = &[
    ("Order", "ItemPrice", "Principal"),
    ("Order", "ItemFees", "Commission"),
    ("Refund", "ItemPrice", "Principal"),
    ("other-transaction", "other-transaction", "Subscription Fee"),
];

/// How a file writes what it says.
#[derive(Clone, Copy, Debug)]
struct Form {
    comma: bool,
    grouped: bool,
    minus: u8,
    eol: &'static str,
    delimiter: char,
    encoding: u8,
    zipped: bool,
}

fn form() -> impl Strategy<Value = Form> {
    let eol = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    let delimiter = prop_oneof![4 => Just('\t'), 1 => Just(';')];
    (any::<bool>(), any::<bool>(), 0..4_u8, eol, delimiter, 0..4_u8, any::<bool>()).prop_map(
        |(comma, grouped, minus, eol, delimiter, encoding, zipped)| Form {
            comma,
            grouped,
            minus,
            eol,
            delimiter,
            encoding,
            zipped,
        },
    )
}

impl Form {
    fn amount(self, minor: i64) -> String {
        let whole = (minor.unsigned_abs() / 100).to_string();
        let (point, group) = if self.comma { (',', '.') } else { ('.', ',') };
        let mut written = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if self.grouped && index > 0 && (whole.len() - index).is_multiple_of(3) {
                written.push(group);
            }
            written.push(digit);
        }
        let written = format!("{written}{point}{:02}", minor.unsigned_abs() % 100);
        match (minor < 0, self.minus) {
            (false, _) => written,
            (true, 0) => format!("-{written}"),
            (true, 1) => format!("{written}-"),
            (true, 2) => format!("({written})"),
            // The true minus sign is in no Cp1252.
            (true, _) => format!("{}{written}", if self.encoding == 1 { '-' } else { '\u{2212}' }),
        }
    }

    fn bytes(self, lines: &[Vec<String>]) -> Vec<u8> {
        let quote = |field: &String| {
            if self.delimiter == ';' && field.contains([';', '"']) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                field.clone()
            }
        };
        let line =
            |fields: &Vec<String>| fields.iter().map(quote).collect::<Vec<_>>().join(&self.delimiter.to_string());
        let text = lines.iter().map(line).collect::<Vec<_>>().join(self.eol) + self.eol;
        let bytes = match self.encoding {
            0 => text.into_bytes(),
            1 => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
            2 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            _ => [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect(),
        };
        if self.zipped { zipped(&bytes) } else { bytes }
    }
}

type Row = (usize, i64, u32, &'static str);

fn row() -> impl Strategy<Value = Row> {
    let minor = prop_oneof![-500_00..500_00_i64, -99_999_999_99..99_999_999_99_i64];
    let sku = prop_oneof![Just("MUG"), Just("BECHER-GRÜN"), Just("A b"), Just("")];
    (0..TRIPLES.len(), minor, 0..86_400_u32 * 14, sku)
}

fn fields(rows: &[Row], form: Form) -> Vec<Vec<String>> {
    let total: i64 = rows.iter().map(|row| row.1).sum();
    let cells = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
    let mut lines = vec![cells(V2), cells(&summary(&form.amount(total)))];
    for (triple, minor, second, sku) in rows {
        let (kind, class, name) = TRIPLES[*triple];
        let mut row = amount(kind, class, name, &form.amount(*minor));
        let moment = jiff::Timestamp::from_second(1_772_323_200 + i64::from(*second)).unwrap();
        row.posted_at = moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
        row.posted_on = moment.strftime("%Y-%m-%d").to_string();
        row.sku = (*sku).to_owned();
        lines.push(cells(&row.line()));
    }
    lines
}

/// Rows as a multiset.
fn sorted(rows: Vec<String>) -> Vec<String> {
    let mut rows: Vec<String> = rows.into_iter().map(|row| row.split_once(": ").unwrap().1.to_owned()).collect();
    rows.sort();
    rows
}

const PLAIN: Form =
    Form { comma: false, grouped: false, minus: 0, eol: "\n", delimiter: '\t', encoding: 0, zipped: false };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn order_of_rows_and_columns_and_the_way_of_writing_change_nothing(
        rows in proptest::collection::vec(row(), 1..20),
        form in form(),
        seed in any::<u64>(),
        block_bytes in 1..400_usize,
    ) {
        let expected = read(&PLAIN.bytes(&fields(&rows, PLAIN)));
        prop_assert!(expected.0.balanced, "{:?}", expected.0.problems);
        let mut lines = fields(&rows, form);
        // Rows may come in any order (with the summary among them), and columns too.
        let mut random = seed;
        let mut next = |below: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) as usize % below
        };
        for at in (2..lines.len()).rev() {
            let other = 1 + next(at);
            lines.swap(at, other);
        }
        let width = lines[0].len();
        for at in (1..width).rev() {
            let other = next(at + 1);
            lines.iter_mut().for_each(|line| line.swap(at, other));
        }
        let told = read_with(&form.bytes(&lines), &Options { block_bytes, ..Options::default() });
        prop_assert!(told.0.balanced, "{:?}", told.0.problems);
        prop_assert_eq!(sums(&told.0), sums(&expected.0));
        prop_assert_eq!(sorted(told.1), sorted(expected.1));
    }

    #[test]
    fn where_a_file_is_cut_into_pieces_changes_nothing(
        lines in proptest::collection::vec(prop_oneof![
            Just(amount("Order", "ItemPrice", "Principal", "1.00").line()),
            Just(amount("Order", "ItemPrice", "Principal", "1.00").line().trim_end().to_owned()),
            Just("26031877012\t\t\t\t\t\tOrder\t202-1\t\t\tD1".to_owned()),
            Just("\t\t\t\t\t\t\t".to_owned()),
            Just("a piece".to_owned()),
            Just(String::new()),
            Just("\"quo\"\"ted\"\t1".to_owned()),
            Just("M\u{fffd}G\tÜ\t".to_owned()),
        ], 0..30),
        block_bytes in 1..600_usize,
    ) {
        let bytes = text(&[vec![V2.to_owned(), summary("3.00")], lines].concat());
        let whole = read(&bytes);
        let pieces = read_with(&bytes, &Options { block_bytes, ..Options::default() });
        prop_assert_eq!(&pieces.0.problems, &whole.0.problems);
        prop_assert_eq!(pieces.1, whole.1);
    }

    #[test]
    fn any_bytes_give_an_answer_and_never_a_panic(
        start in prop_oneof![
            Just(Vec::new()),
            Just(text(&small())),
            Just(small().join("\r\n").replace('\t', ",").into_bytes()),
            Just(b"<?xml version=\"1.0\"?><AmazonEnvelope><Message><SettlementReport><Order><Amount>1</Amount></Order>".to_vec()),
            Just(b"\x1f\x8b\x08".to_vec()),
            Just(V2.as_bytes().to_vec()),
        ],
        noise in proptest::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(b'\t'), Just(b'\n'), Just(b'"'), Just(b'-')]), 0..40),
        tail in proptest::collection::vec(any::<u8>(), 0..60),
        block_bytes in 1..200_usize,
    ) {
        let mut bytes = [start, tail].concat();
        for (at, byte) in noise {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        let options = Options { block_bytes, ..Options::default() };
        if let Ok(file) = SettlementFile::open(Input::Bytes(&bytes), options) {
            for checked in file.check(2).unwrap_or_default() {
                let mut sum = 0_i128;
                file.rows(&checked, |row| sum += i128::from(row.amount.minor())).unwrap();
                prop_assert_eq!(sum, i128::from(checked.sum.minor()), "the rows given are the rows summed");
            }
        }
    }
}
