//! Buyers and where they live. Nobody here is real; many are awkward on purpose.

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::order::{Business, Buyer};
use super::seller::Address;

/// Where an order goes, as far as tax cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    Britain,
    NorthernIreland,
    IsleOfMan,
    Jersey,
    Guernsey,
    Ireland,
    Germany,
    France,
    Norway,
}

const FIRST: [&str; 16] = [
    "Asha", "Bronwen", "Callum", "Dilys", "Ewan", "Farah", "Gethin", "Hamish", "Imogen", "Jamal", "Kirsty", "Lowri",
    "Morag", "Niamh", "Owain", "Zo\u{eb}",
];
const LAST: [&str; 16] = [
    "Abernathy",
    "Braithwaite",
    "Cholmondeley",
    "D'Souza",
    "Eccleston",
    "Featherstone",
    "Garside",
    "Hollingworth",
    "Iqbal",
    "Jephcott",
    "Kettlewell",
    "Llewellyn",
    "McAllister",
    "N\u{ed} Bhriain",
    "O'Shaughnessy",
    "Smith-J\u{f8}rgensen",
];
const GERMAN: [&str; 5] = [
    "J\u{fc}rgen Wei\u{df}",
    "Anke M\u{fc}ller-L\u{fc}denscheidt",
    "Bj\u{f6}rn Gro\u{df}",
    "Heike \u{d6}zt\u{fc}rk",
    "Uwe Stra\u{df}burger",
];
const FRENCH: [&str; 5] = [
    "Fran\u{e7}oise L\u{e9}v\u{ea}que",
    "Ana\u{ef}s d'Aubign\u{e9}",
    "H\u{e9}l\u{e8}ne Le Go\u{eb}llec",
    "No\u{eb}l C\u{153}ur",
    "\u{c9}tienne \u{c7}abal",
];
/// Names that break SQL, CSV, HTML, fixed columns, fonts and assumptions.
const AWKWARD: [&str; 10] = [
    "Robert'); DROP TABLE invoices;--",
    "Zo\u{eb} \u{1f43b}\u{200d}\u{2744}\u{fe0f} \u{1f1ec}\u{1f1e7}",
    "",
    "<b>Bold</b> & \"Sons\", Ltd\tTab",
    "A",
    "Wolfeschlegelsteinhausenbergerdorff Hubert Blaine Featherstonehaugh-Cholmondeley-Marjoribanks of Upper and Lower Slaughter the Younger",
    "\u{5c71}\u{7530}\u{592a}\u{90ce}",
    "\u{645}\u{62d}\u{645}\u{62f} Al-Amin",
    "  leading and trailing  ",
    "null",
];
const STREETS: [&str; 8] = [
    "Quay Street",
    "Station Road",
    "Mill Lane",
    "Church Hill",
    "The Green",
    "Bank Top",
    "Old School Close",
    "Beacon View",
];
const COMPANIES: [&str; 6] = [
    "Hartwell & Daughters Ltd",
    "N\u{f8}rdlys Interiors LLP",
    "O'Neill \"Bespoke\" Joinery",
    "Pennine Crafts CIC",
    "Tarn Howe Guest House",
    "Zenith 24/7 Supplies (Leeds) Limited",
];

/// Towns of a destination: city, county, postcode.
fn towns(destination: Destination) -> &'static [(&'static str, &'static str, &'static str)] {
    match destination {
        Destination::Britain => &[
            ("Leeds", "West Yorkshire", "LS1 4DY"),
            ("Cardiff", "", "CF10 1EP"),
            ("GLASGOW", "Lanarkshire", "g2 1du"),
            ("Bath", "Somerset", "BA11AA"),
            ("Ashby-de-la-Zouch", "Leicestershire", "LE65 1AA"),
            ("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "Ynys M\u{f4}n", "LL61 5UJ"),
            ("London", "Greater London", "SW1A 1AA"),
            ("Stornoway", "Na h-Eileanan Siar", "HS1 2AA"),
        ],
        Destination::NorthernIreland => &[
            ("Belfast", "County Antrim", "BT1 5GS"),
            ("Derry/Londonderry", "", "bt48 6hg"),
            ("Newry", "Co. Down", "BT341AA"),
        ],
        Destination::IsleOfMan => &[("Douglas", "Isle of Man", "IM1 2AY")],
        Destination::Jersey => &[("St Helier", "Jersey", "JE2 3AB")],
        Destination::Guernsey => &[("St Peter Port", "Guernsey", "GY1 1AA")],
        Destination::Ireland => {
            &[("Dublin 4", "Dublin", "D04 V2N9"), ("Galway", "Co. na Gaillimhe", "H91 E9XW"), ("Castlebar", "Mayo", "")]
        }
        Destination::Germany => {
            &[("K\u{f6}ln", "NRW", "50667"), ("M\u{fc}nchen", "", "80331"), ("Gie\u{df}en", "Hessen", "35390")]
        }
        Destination::France => {
            &[("Saint-\u{c9}tienne", "", "42000"), ("Paris 7e Arrondissement", "\u{ce}le-de-France", "75007")]
        }
        Destination::Norway => &[("Troms\u{f8}", "", "9008"), ("Bod\u{f8}", "Nordland", "8006")],
    }
}

impl Destination {
    /// ISO country code as Amazon gives it. Northern Ireland is part of `GB`; the islands have their own.
    pub(super) fn country(self) -> &'static str {
        match self {
            Destination::Britain | Destination::NorthernIreland => "GB",
            Destination::IsleOfMan => "IM",
            Destination::Jersey => "JE",
            Destination::Guernsey => "GG",
            Destination::Ireland => "IE",
            Destination::Germany => "DE",
            Destination::France => "FR",
            Destination::Norway => "NO",
        }
    }
}

/// A buyer and an address at `destination`.
pub(super) fn person(rng: &mut ChaCha8Rng, destination: Destination, business: bool) -> (Buyer, Address) {
    let name = name(rng, destination);
    let business = business.then(|| company(rng, destination));
    let email = format!("{:016x}@marketplace.example.invalid", rng.random::<u64>());
    let address = address(rng, destination, &name, business.as_ref());
    (Buyer { name, email, business }, address)
}

fn name(rng: &mut ChaCha8Rng, destination: Destination) -> String {
    if rng.random_ratio(1, 12) {
        return pick(rng, &AWKWARD).to_owned();
    }
    match destination {
        Destination::Germany => pick(rng, &GERMAN).to_owned(),
        Destination::France => pick(rng, &FRENCH).to_owned(),
        _ => format!("{} {}", pick(rng, &FIRST), pick(rng, &LAST)),
    }
}

fn company(rng: &mut ChaCha8Rng, destination: Destination) -> Business {
    let number = rng.random_range(100_000_000..999_999_999_u32);
    let vat_number = rng.random_ratio(4, 5).then(|| match destination {
        Destination::Germany => format!("DE{number}"),
        Destination::France => format!("FR{:02}{number}", number % 97),
        Destination::Ireland => format!("IE{}WH", number % 10_000_000),
        _ => format!("GB{number}"),
    });
    let purchase_order = rng.random_ratio(1, 2).then(|| format!("PO-{}/{:05}", 2020 + number % 7, number % 100_000));
    Business { company: pick(rng, &COMPANIES).to_owned(), vat_number, purchase_order }
}

fn address(rng: &mut ChaCha8Rng, destination: Destination, name: &str, business: Option<&Business>) -> Address {
    let &(city, county, postcode) = towns(destination).choose(rng).unwrap_or(&("Leeds", "", "LS1 4DY"));
    let mut address = Address {
        name: name.to_owned(),
        company: business.map(|business| business.company.clone()).unwrap_or_default(),
        line1: format!("{} {}", rng.random_range(1..240_u32), pick(rng, &STREETS)),
        city: city.to_owned(),
        county: county.to_owned(),
        postcode: postcode.to_owned(),
        country: destination.country(),
        phone: if rng.random_ratio(2, 3) {
            format!("+44 1632 960{:03}", rng.random_range(0..1000_u32))
        } else {
            String::new()
        },
        ..Address::default()
    };
    match rng.random_range(0..16_u32) {
        0 => address.line2 = "Flat \u{bd}, rear of \"The Old Forge\" (ring twice), c/o Mrs A. Featherstonehaugh, opposite the war memorial, past the second cattle grid".to_owned(),
        1 => (address.line1, address.line2) = (String::new(), address.line1.clone()),
        2 => (address.line2, address.line3) = ("Unit 7".to_owned(), "Moorside Industrial Estate".to_owned()),
        3 => address.county = String::new(),
        4 => address.line1 = format!("{}\n2nd floor", address.line1),
        5 => address.line2 = "\u{1f4e6} leave with neighbour; DELETE FROM customers".to_owned(),
        _ => {}
    }
    address
}

fn pick<'a>(rng: &mut ChaCha8Rng, from: &[&'a str]) -> &'a str {
    from.choose(rng).copied().unwrap_or_default()
}
