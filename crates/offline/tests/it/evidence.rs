use jiff::civil::date;
use money::{Currency, Money};
use offline::evidence::{bank, orders};
use proptest::prelude::*;

fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

#[test]
fn a_bank_statement_is_found_below_its_titles_whatever_its_columns_are_called() {
    let statement = "Account;Current\nSort code;00-00-00\n\nTransaction Date;Details;Paid Out;Paid In\n\
                     17/11/2025;AMAZON PAYMENTS;;£1,341.20\n18/11/2025;RENT;500.00;\n;Balance;;\n";
    let lines = bank("bank.csv", statement.as_bytes(), Currency::GBP).expect("a statement");
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0].on, lines[0].amount, lines[0].line), (date(2025, 11, 17), gbp(1_341_20), 5));
    assert_eq!(lines[1].amount, gbp(-500_00));
}

#[test]
fn a_line_that_cannot_be_read_is_named_with_its_column() {
    let statement = "Date,Amount,Description\n2025-11-17,12.34,A\n2025-11-99,1.00,B\n2025-11-18,twelve,C\n";
    let problems = bank("bank.csv", statement.as_bytes(), Currency::GBP).expect_err("problems");
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "bank.csv, line 3, column date: `2025-11-99` is not a day. Write it as 2025-11-05",
            "bank.csv, line 4, column amount: `twelve` is not an amount. Write it as 12.34",
        ]
    );
}

#[test]
fn a_file_that_is_something_else_says_which_columns_it_has() {
    let problems = bank("x.csv", b"colour,size\nred,2\n", Currency::GBP).expect_err("problems");
    assert_eq!(
        problems[0].to_string(),
        "x.csv: no line names the columns date, amount or money in. The columns found are: colour, size"
    );
}

#[test]
fn amazons_order_report_gives_price_vat_and_destination() {
    let report = "amazon-order-id\tpurchase-date\torder-status\tsales-channel\tsku\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\t\
                  shipping-tax\titem-promotion-discount\tship-country\tship-postal-code\n\
                  203-1\t2025-11-03T10:00:00+00:00\tShipped\tAmazon.co.uk\tMUG\t2\tGBP\t48.00\t8.00\t3.00\t0.50\t1.80\tGB\tBT1 1AA\n\
                  203-2\t2025-11-03T10:00:00+00:00\tCancelled\tAmazon.co.uk\tMUG\t1\t\t\t\t\t\t\tGB\t\n";
    let items = orders("orders.txt", report.as_bytes(), Currency::GBP).expect("orders");
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].gross, items[0].vat), (Some(gbp(49_20)), Some(gbp(8_50))));
    assert_eq!(items[0].postcode, "BT1 1AA");
}

#[test]
fn a_plain_table_of_orders_may_have_the_columns_it_needs_in_any_order() {
    let table = "sku,order-id,ship-to,gross,vat,refunded\nMUG,203-1,fr,24.00,4.00,8.00\n";
    let items = orders("orders.csv", table.as_bytes(), Currency::GBP).expect("orders");
    assert_eq!(items[0].ship_to.map(|country| country.code().to_owned()).as_deref(), Some("FR"));
    assert_eq!(items[0].refunded, Some(gbp(8_00)));
}

proptest! {
    /// Any bytes are evidence or a list of problems, never a panic.
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for problems in [bank("f", &bytes, Currency::GBP).err(), orders("f", &bytes, Currency::GBP).err()].into_iter().flatten() {
            prop_assert!(!problems.is_empty());
        }
    }

    /// Any cells under the right header are answered.
    #[test]
    fn any_cells_are_answered(cells in prop::collection::vec("[ -~£−\u{feff}]{0,12}", 4)) {
        let text = format!("date,amount,currency,description\n{}\n", cells.join(","));
        if let Err(problems) = bank("f", text.as_bytes(), Currency::GBP) {
            prop_assert!(!problems.is_empty());
        }
    }
}
