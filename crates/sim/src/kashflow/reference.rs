//! The VAT levels, currencies and countries that a new sandbox account starts with.

/// VAT levels: id, hundredths of a percent.
pub const VAT_RATES: &[(i64, i64)] = &[(1, 0), (2, 500), (3, 2000)];

/// Enabled currencies: code, name, symbol, symbol on the right, ten-thousandths of a unit per pound (invented rates).
pub const CURRENCIES: &[(&str, &str, &str, bool, i64)] = &[
    ("GBP", "British Pounds", "£", false, 10_000),
    ("EUR", "Euro", "€", false, 11_700),
    ("USD", "US Dollars", "$", false, 13_100),
    ("SEK", "Swedish Krona", "kr", true, 128_500),
    ("PLN", "Polish Zloty", "zł", true, 49_800),
    ("TRY", "Turkish Lira", "₺", false, 551_000),
];

/// Currencies that exist but are not enabled until somebody does.
pub const OTHER_CURRENCIES: &[(&str, &str)] = &[
    ("AUD", "Australian Dollars"),
    ("CAD", "Canadian Dollars"),
    ("CHF", "Swiss Francs"),
    ("JPY", "Japanese Yen"),
    ("DKK", "Danish Krone"),
];

/// Countries: code, name, in the EU. Greece goes by `EL`, as the vendor's page says.
pub const COUNTRIES: &[(&str, &str, bool)] = &[
    ("GB", "United Kingdom", false),
    ("IE", "Ireland", true),
    ("DE", "Germany", true),
    ("FR", "France", true),
    ("IT", "Italy", true),
    ("ES", "Spain", true),
    ("NL", "Netherlands", true),
    ("BE", "Belgium", true),
    ("SE", "Sweden", true),
    ("PL", "Poland", true),
    ("AT", "Austria", true),
    ("BG", "Bulgaria", true),
    ("HR", "Croatia", true),
    ("CY", "Cyprus", true),
    ("CZ", "Czech Republic", true),
    ("DK", "Denmark", true),
    ("EE", "Estonia", true),
    ("FI", "Finland", true),
    ("EL", "Greece", true),
    ("HU", "Hungary", true),
    ("LV", "Latvia", true),
    ("LT", "Lithuania", true),
    ("LU", "Luxembourg", true),
    ("MT", "Malta", true),
    ("PT", "Portugal", true),
    ("RO", "Romania", true),
    ("SK", "Slovakia", true),
    ("SI", "Slovenia", true),
    ("US", "United States", false),
    ("CA", "Canada", false),
    ("AU", "Australia", false),
    ("CH", "Switzerland", false),
    ("NO", "Norway", false),
    ("TR", "Turkey", false),
    ("JP", "Japan", false),
    ("CN", "China", false),
    ("IN", "India", false),
    ("AE", "United Arab Emirates", false),
    ("JE", "Jersey", false),
    ("GG", "Guernsey", false),
    ("IM", "Isle of Man", false),
];
