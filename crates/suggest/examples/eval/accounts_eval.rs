//! Accounts.

use std::collections::BTreeMap;

use bookkeeping::settlement::vocabulary;
use suggest::Band;
use suggest::accounts::{Account, Chart, Direction, Hub, Suggester, Term, role_word, told_name};
use suggest::calibrate::Features;

const TRAINING: &[&str] = &["xero", "sage50", "minimal"];
const CHARTS: &[(&str, &str)] = &[
    ("xero", include_str!("../../eval/charts/xero.csv")),
    ("sage50", include_str!("../../eval/charts/sage50.csv")),
    ("minimal", include_str!("../../eval/charts/minimal.csv")),
    ("kashflow", include_str!("../../eval/charts/kashflow.csv")),
    ("quickbooks", include_str!("../../eval/charts/quickbooks.csv")),
    ("freeagent", include_str!("../../eval/charts/freeagent.csv")),
    ("ecommerce", include_str!("../../eval/charts/ecommerce.csv")),
];

struct Labelled {
    term: Term,
    category: String,
    set: Set,
}

/// Where a term comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    /// A name of the shipped vocabulary.
    Known,
    /// A wording that the knowledge was widened with: it tells nothing about names to come.
    Taught,
    /// A wording collected after the knowledge was first written.
    Unseen,
}

struct Case {
    features: Features,
    p: f32,
    right: bool,
    in_three: bool,
    dangerous: bool,
    band: Band,
    set: Set,
    training: bool,
}

/// Prints the table; `--errors` lists what is wrong, `--fit` fits the weights of the probability anew.
pub fn run(args: &[String]) {
    let errors = args.iter().any(|arg| arg == "--errors");
    let terms = terms();
    let mut cases = Vec::new();
    println!("{:<11} {:>7} {:>7} {:>7} {:>9} {:>9}", "chart", "known-1", "new-1", "new-3", "category", "n");
    for (name, text) in CHARTS {
        let (chart, serves) = chart(text);
        let suggester = Suggester::new(&chart);
        let (mut of_chart, mut category_right, mut unseen) = (Vec::new(), 0, 0);
        for labelled in &terms {
            let right: Vec<&String> =
                serves.iter().filter(|(_, list)| list.contains(&labelled.category)).map(|(code, _)| code).collect();
            if labelled.set == Set::Unseen {
                unseen += 1;
                category_right += usize::from(suggester.categories(&labelled.term)[0].0 == labelled.category);
            }
            if right.is_empty() {
                continue;
            }
            let suggested = suggester.suggest(&labelled.term);
            let codes: Vec<&String> = suggested.suggestions.iter().map(|suggestion| &suggestion.code).collect();
            let hit = codes.first().is_some_and(|code| right.contains(code));
            let side = |code: &str| side(text, code);
            let dangerous = !hit && codes.first().is_some_and(|code| right.iter().all(|good| side(good) != side(code)));
            if errors && !hit {
                let categories = suggester.categories(&labelled.term);
                println!(
                    "  {name}: {} [{}] is {} -> {:?} ({:?})",
                    labelled.term.name,
                    labelled.term.context,
                    labelled.category,
                    suggested.suggestions.first().map(|first| (&first.code, &first.name, first.p)),
                    &categories[..3]
                );
            }
            of_chart.push(Case {
                features: suggester.features_of(&labelled.term),
                p: suggested.suggestions.first().map_or(0.0, |first| first.p),
                right: hit,
                in_three: codes.iter().any(|code| right.contains(code)),
                dangerous,
                band: suggested.band,
                set: labelled.set,
                training: TRAINING.contains(name),
            });
        }
        let share = |filter: &dyn Fn(&Case) -> bool, good: &dyn Fn(&Case) -> bool| {
            let of: Vec<&Case> = of_chart.iter().filter(|case| filter(case)).collect();
            100.0 * of.iter().filter(|case| good(case)).count() as f32 / of.len().max(1) as f32
        };
        println!(
            "{name:<11} {:>6.1}% {:>6.1}% {:>6.1}% {:>8.1}% {:>9}",
            share(&|case| case.set == Set::Known, &|case| case.right),
            share(&|case| case.set == Set::Unseen, &|case| case.right),
            share(&|case| case.set == Set::Unseen, &|case| case.in_three),
            100.0 * category_right as f32 / unseen as f32,
            of_chart.len()
        );
        cases.extend(of_chart);
    }
    for (title, set) in [("known", Set::Known), ("taught", Set::Taught), ("unseen", Set::Unseen)] {
        let test: Vec<&Case> = cases.iter().filter(|case| !case.training && case.set == set).collect();
        let auto: Vec<&&Case> = test.iter().filter(|case| case.band == Band::Auto).collect();
        println!(
            "test charts, {title}: {} cases, top-1 {:.1} %, top-3 {:.1} %, auto covers {:.1} % at {:.2} % precision, wrong side in auto: {}",
            test.len(),
            percent(test.iter().filter(|case| case.right).count(), test.len()),
            percent(test.iter().filter(|case| case.in_three).count(), test.len()),
            percent(auto.len(), test.len()),
            percent(auto.iter().filter(|case| case.right).count(), auto.len()),
            auto.iter().filter(|case| case.dangerous).count(),
        );
    }
    thresholds(&cases);
    calibration(&cases);
    if args.iter().any(|arg| arg == "--fit") {
        fit(&cases);
    }
}

fn percent(part: usize, whole: usize) -> f32 {
    100.0 * part as f32 / whole.max(1) as f32
}

/// What a band from a threshold upwards would cover, and how often it would be right, on the training charts.
fn thresholds(cases: &[Case]) {
    for from in [0.90_f32, 0.95, 0.97, 0.98, 0.985, 0.99, 0.993] {
        let of = |set: Set| {
            let all: Vec<&Case> = cases.iter().filter(|case| case.training && case.set == set).collect();
            let band: Vec<&&Case> = all.iter().filter(|case| case.p >= from).collect();
            let right = band.iter().filter(|case| case.right).count();
            format!("{:>5.1} % at {:>6.2} %", percent(band.len(), all.len()), percent(right, band.len()))
        };
        println!("  from {from:.3}: known {}, taught {}, unseen {}", of(Set::Known), of(Set::Taught), of(Set::Unseen));
    }
}

/// Ten bins of stated probability against how often it was right, on the test charts.
fn calibration(cases: &[Case]) {
    let mut bins: BTreeMap<u32, (f32, usize, usize)> = BTreeMap::new();
    for case in cases.iter().filter(|case| !case.training) {
        let bin = bins.entry(((case.p * 10.0) as u32).min(9)).or_default();
        *bin = (bin.0 + case.p, bin.1 + usize::from(case.right), bin.2 + 1);
    }
    let all: usize = bins.values().map(|bin| bin.2).sum();
    let mut error = 0.0;
    println!("calibration on the test charts:");
    for (bin, (sum, right, count)) in bins {
        let (stated, held) = (sum / count as f32, right as f32 / count as f32);
        error += (stated - held).abs() * count as f32 / all as f32;
        println!(
            "  {:.1}-{:.1}  stated {stated:.3}  right {held:.3}  n {count:<5} {}",
            bin as f32 / 10.0,
            (bin + 1) as f32 / 10.0,
            "#".repeat((held * 40.0) as usize)
        );
    }
    println!("  expected calibration error {error:.3}");
}

/// Logistic regression by gradient descent with a small pull to zero; known and unseen names count alike in total.
fn fit(cases: &[Case]) {
    let training: Vec<&Case> = cases.iter().filter(|case| case.training).collect();
    let count = |set: Set| training.iter().filter(|case| case.set == set).count() as f32;
    let sizes = [Set::Known, Set::Taught, Set::Unseen].map(count);
    let mut weights = [0.0_f32; 7];
    for _ in 0..20_000 {
        let mut gradient = [0.0_f32; 7];
        for case in &training {
            let features = case.features.as_array();
            let sum: f32 = weights.iter().zip(&features).map(|(weight, feature)| weight * feature).sum();
            let p = 1.0 / (1.0 + (-sum).exp());
            let importance = [0.4, 0.1, 0.5][case.set as usize] / sizes[case.set as usize];
            let error = (p - f32::from(u8::from(case.right))) * importance;
            gradient.iter_mut().zip(&features).for_each(|(gradient, feature)| *gradient += error * feature);
        }
        for (weight, gradient) in weights.iter_mut().zip(&gradient) {
            *weight -= 2.0 * (gradient + 0.000_5 * *weight);
        }
    }
    println!("fitted: {weights:.3?}");
}

fn chart(text: &str) -> (Chart, Vec<(String, Vec<String>)>) {
    let (mut accounts, mut serves) = (Vec::new(), Vec::new());
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.expect("a row");
        accounts.push(Account { code: row[0].to_owned(), name: row[1].to_owned(), kind: row[2].to_owned() });
        serves.push((row[0].to_owned(), row[3].split(';').map(str::to_owned).collect()));
    }
    (Chart::new(accounts), serves)
}

/// Income, cost or balance sheet, by the words of the chart.
fn side(chart: &str, code: &str) -> u8 {
    let kind = csv::Reader::from_reader(chart.as_bytes())
        .records()
        .filter_map(Result::ok)
        .find(|row| &row[0] == code)
        .map(|row| row[2].to_lowercase())
        .unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    if says(&["cost", "expense", "overhead", "purchase"]) {
        1
    } else if says(&["income", "revenue", "turnover", "sales"]) {
        0
    } else {
        2
    }
}

fn terms() -> Vec<Labelled> {
    let mut terms = Vec::new();
    let sets =
        [(Set::Taught, include_str!("../../eval/terms.csv")), (Set::Unseen, include_str!("../../eval/terms-test.csv"))];
    for (set, text) in sets {
        for row in csv::Reader::from_reader(text.as_bytes()).records() {
            let row = row.expect("a row");
            let direction = Some(if &row[2] == "+" { Direction::Given } else { Direction::TakenAway });
            let term = Term { name: row[0].to_owned(), context: row[1].to_owned(), direction };
            terms.push(Labelled { term, category: row[3].to_owned(), set });
        }
    }
    // Every third name of the vocabulary, with the context it stands in; its role tells its category.
    let hub = Hub::shipped();
    for entry in vocabulary::entries().iter().step_by(3) {
        let Some(category) = role_word(entry).and_then(|role| hub.category_of_role(role)) else { continue };
        let context = format!("{} / {}", entry.kind, entry.class);
        let term = Term { name: told_name(entry).to_owned(), context, direction: None };
        terms.push(Labelled { term, category: category.to_owned(), set: Set::Known });
    }
    terms
}
