use mapping::Mapping;
use proptest::prelude::*;

proptest! {
    /// Any text is a mapping or a list of problems with their keys, never a panic.
    #[test]
    fn any_text_is_answered(text in ".{0,200}") {
        if let Err(problems) = Mapping::parse_profile(&text) {
            prop_assert!(!problems.is_empty());
        }
    }

    /// A value of any kind at any key is answered.
    #[test]
    fn any_value_at_a_known_key_is_answered(
        key in prop::sample::select(vec![
            "version", "seller.established", "seller.vcs_from", "vat.schemes", "vat.period_ends", "stock.costs.MUG",
            "rates.periods.2025-11.EUR", "accounts.SALES", "settlements.loans", "settlements.rules", "suppliers.fba.code",
            "settlements.confirmed", "invoices.payment.accounts.GBP", "vat.order_items.\"203/1\"", "settlements.vat_tolerance",
        ]),
        value in prop::sample::select(vec![
            "1", "-1", "99999999999", "1.5", "true", "\"\"", "\"x\"", "\"1e9\"", "[]", "[1]", "[{}]", "{}", "2025-02-01",
            "2025-02-01T00:00:00Z", "12:00:00", "\"7.5\"", "[{ from = 2025-01-01, cost = \"1\" }]", "{ code = -1 }",
        ]),
    ) {
        let text = format!("{key} = {value}\n");
        prop_assert!(Mapping::parse_profile(&text).is_err() || key == "version");
    }
}
