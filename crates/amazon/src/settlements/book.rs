//! A settlement file as the port gives it.

use std::collections::BTreeMap;

use model::SettlementRow;
use ports::{Parked, ProblemWeight, ReadSettlement, SettlementBook, SettlementProblem};

use super::{Checked, Input, Options, Problem, Refusal, SettlementFile, Weight};

/// A file with all its settlements checked.
struct Book<'a> {
    file: SettlementFile<'a>,
    checked: Vec<Checked>,
    read: Vec<ReadSettlement>,
}

/// Reads `bytes` to their end. One thread: live files are small, and the workers have others to serve.
pub(crate) fn read<'a>(
    bytes: &'a [u8],
    charset: Option<&str>,
    accepted: &BTreeMap<u64, String>,
) -> Result<Box<dyn SettlementBook + 'a>, Parked> {
    let options = Options { accept: accepted.clone(), charset: charset.map(str::to_owned), ..Options::default() };
    let file = SettlementFile::open(Input::Bytes(bytes), options).map_err(|refusal| parked(&refusal))?;
    let checked = file.check(1).map_err(|refusal| parked(&refusal))?;
    let read = checked.iter().map(settlement).collect();
    Ok(Box::new(Book { file, checked, read }))
}

impl SettlementBook for Book<'_> {
    fn settlements(&self) -> &[ReadSettlement] {
        &self.read
    }

    fn rows(&self, place: usize, each: &mut dyn FnMut(&SettlementRow<'_>)) -> Result<(), Parked> {
        let checked = self.checked.get(place).ok_or_else(|| Parked {
            code: "no_such_settlement".to_owned(),
            path: format!("settlement {place}"),
            reason: "the file does not hold this settlement any more".to_owned(),
            fix: "Download the settlement again and upload it".to_owned(),
        })?;
        self.file.rows(checked, each).map_err(|refusal| parked(&refusal))
    }
}

fn settlement(checked: &Checked) -> ReadSettlement {
    ReadSettlement {
        format: checked.format.name(),
        id: checked.id.clone(),
        currency: checked.currency,
        head: checked.settlement.clone(),
        sum: checked.sum,
        rows: checked.rows,
        balanced: checked.balanced,
        problems: checked.problems.iter().map(problem).collect(),
    }
}

fn problem(problem: &Problem) -> SettlementProblem {
    SettlementProblem {
        weight: match problem.weight {
            Weight::Stops => ProblemWeight::Stops,
            Weight::ToSuspense => ProblemWeight::ToSuspense,
            Weight::Note => ProblemWeight::Note,
        },
        line: problem.line,
        what: problem.what.clone(),
        means: problem.means.clone(),
        next: problem.next.clone(),
    }
}

/// A refusal is told in sentences: what happened, that nothing was done, what to do.
fn parked(refusal: &Refusal) -> Parked {
    let text = refusal.to_string();
    let (reason, fix) = text.split_once(". Nothing was done").unwrap_or((&text, ""));
    Parked {
        code: refusal.code().to_owned(),
        path: "file".to_owned(),
        reason: reason.to_owned(),
        fix: fix.trim_start_matches(['.', ',', ' ']).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "settlement-id\ttotal-amount\tcurrency\ttransaction-type\tamount-type\tamount-description\tamount\n\
                        1234567\t19.60\tGBP\t\t\t\t\n\
                        1234567\t\t\tOrder\tItemPrice\tPrincipal\t24.00\n\
                        1234567\t\t\tOrder\tItemFees\tCommission\t-4.4x\n";

    #[test]
    fn a_file_gives_its_settlements_and_their_rows_through_the_port() {
        let whole = FILE.replace("-4.4x", "-4.40");
        let book = read(whole.as_bytes(), None, &BTreeMap::new()).expect("a settlement");
        let [settlement] = book.settlements() else { panic!("one settlement") };
        assert!(settlement.balanced);
        assert_eq!((settlement.id.as_str(), settlement.rows, settlement.sum.minor()), ("1234567", 2, 1960));
        let mut amounts = Vec::new();
        book.rows(0, &mut |row| amounts.push(row.amount.minor())).expect("rows");
        assert_eq!(amounts, [2400, -440]);
        assert!(book.rows(1, &mut |_| {}).is_err());
    }

    #[test]
    fn an_unreadable_amount_stops_the_settlement_until_a_person_accepts_one() {
        let book = read(FILE.as_bytes(), None, &BTreeMap::new()).expect("a settlement");
        let [settlement] = book.settlements() else { panic!("one settlement") };
        assert!(!settlement.balanced);
        let problem = &settlement.problems[0];
        assert_eq!((problem.weight, problem.line), (ProblemWeight::Stops, Some(4)));
        assert!(problem.next.contains("-4.40"), "the amount that would balance is named: {}", problem.next);
        let accepted = BTreeMap::from([(4, "-4.40".to_owned())]);
        let book = read(FILE.as_bytes(), None, &accepted).expect("a settlement");
        assert!(book.settlements()[0].balanced);
    }

    #[test]
    fn what_is_no_settlement_says_what_it_is_and_what_to_do() {
        let Err(parked) = read(b"%PDF-1.7 something", None, &BTreeMap::new()) else { panic!("no settlement") };
        assert_eq!(parked.code, "not_a_settlement");
        assert!(!parked.reason.is_empty() && !parked.fix.is_empty(), "{parked:?}");
    }
}
