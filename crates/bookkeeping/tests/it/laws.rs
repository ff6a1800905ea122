//! Laws that hold for any order.

use bookkeeping::sales::{Held, wanted};
use model::{Order, SalesDraft};
use proptest::prelude::*;

use crate::build::{line, order, policy, unit_by_unit};

fn drafts(order: &Order, held: &[Held]) -> Vec<SalesDraft> {
    wanted(order, &policy(), held).expect("nothing to ask").drafts
}

fn held(drafts: Vec<SalesDraft>) -> Vec<Held> {
    drafts.into_iter().map(|draft| Held { key: draft.key.clone(), draft }).collect()
}

fn any_order() -> impl Strategy<Value = Order> {
    proptest::collection::vec((1_u32..9, 1_i64..200_000), 1..5).prop_map(|lines| {
        order(
            lines
                .into_iter()
                .enumerate()
                .map(|(index, (units, gross))| line(&format!("{index}"), units, gross))
                .collect(),
        )
    })
}

proptest! {
    #[test]
    fn the_gross_of_the_invoice_is_what_the_buyer_paid(order in any_order()) {
        let paid: i64 = order.lines.iter().map(|line| line.charges.as_ref().unwrap().item.amount.minor()).sum();
        prop_assert_eq!(drafts(&order, &[])[0].gross().unwrap().minor(), paid);
    }

    #[test]
    fn a_unit_price_times_its_quantity_is_exactly_the_net(order in any_order()) {
        for line in &drafts(&order, &[])[0].lines {
            prop_assert_eq!(line.unit_net.times(i64::from(line.quantity)).unwrap(), line.net);
        }
    }

    #[test]
    fn parcels_carry_together_what_one_parcel_would_have_carried(order in any_order()) {
        let whole = &drafts(&order, &[])[0];
        let parcels = drafts(&unit_by_unit(order.clone()), &[]);
        let sum = |of: fn(&SalesDraft) -> i64| parcels.iter().map(of).sum::<i64>();
        prop_assert_eq!(sum(|draft| draft.net().unwrap().minor()), whole.net().unwrap().minor());
        prop_assert_eq!(sum(|draft| draft.vat().unwrap().minor()), whole.vat().unwrap().minor());
    }

    #[test]
    fn what_is_held_is_not_wanted_again(order in any_order(), parcels in any::<bool>()) {
        let order = if parcels { unit_by_unit(order) } else { order };
        let first = drafts(&order, &[]);
        prop_assert_eq!(drafts(&order, &held(first)), vec![]);
    }

    #[test]
    fn it_does_not_matter_how_much_was_known_when_the_first_parcels_were_decided(order in any_order(), known in 0_usize..12) {
        let all = unit_by_unit(order);
        let mut early = all.clone();
        early.dispatches.truncate(known);
        let mut found = drafts(&early, &[]);
        found.extend(drafts(&all, &held(found.clone())));
        prop_assert_eq!(found, drafts(&all, &[]));
    }

    #[test]
    fn a_reversal_takes_back_exactly_what_was_invoiced(order in any_order()) {
        let invoices = drafts(&order, &[]);
        let mut cancelled = order.clone();
        cancelled.status = model::OrderStatus::Cancelled;
        let reversals = drafts(&cancelled, &held(invoices.clone()));
        prop_assert_eq!(reversals.len(), 1);
        prop_assert_eq!(&reversals[0].reference, "AMZ-203-1234567-7654321/C1");
        prop_assert!(invoices[0].gross().unwrap().plus(reversals[0].gross().unwrap()).unwrap().is_zero());
        prop_assert!(invoices[0].vat().unwrap().plus(reversals[0].vat().unwrap()).unwrap().is_zero());
        let mut all = held(invoices);
        all.extend(held(reversals));
        prop_assert_eq!(drafts(&cancelled, &all), vec![]);
    }
}
