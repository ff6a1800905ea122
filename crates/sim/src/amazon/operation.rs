//! The operations that are served: method, path, documented quota and kind of token.
//!
//! One table. Rates and bursts are the default ones of the fact sheet §3.

use http::Method;

/// Which token an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// The seller's.
    Seller,
    /// A grantless one for notifications.
    Grantless,
    /// A grantless one by the documentation; the seller's does as well: the most used Python client deletes subscriptions so.
    GrantlessOrSeller,
    /// The seller's or a restricted data token for the path; without the latter the answer has no buyer data.
    Restrictable,
    /// A restricted data token for the path only.
    Restricted,
}

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: &'static str,
    method: &'static str,
    /// `{}` stands for one segment.
    path: &'static str,
    /// Ten-thousandths of a call per second.
    rate_e4: u32,
    pub(super) burst: u32,
    pub(super) access: Access,
}

const fn operation(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    (rate_e4, burst): (u32, u32),
    access: Access,
) -> Operation {
    Operation { name, method, path, rate_e4, burst, access }
}

const READ_ONE: (u32, u32) = (5_000, 30);
const NOTIFY: (u32, u32) = (10_000, 5);
const REPORT_LIST: (u32, u32) = (222, 10);
const MONEY: (u32, u32) = (5_000, 10);

use Access::{Grantless, GrantlessOrSeller, Restrictable, Restricted, Seller};

pub(super) static OPERATIONS: [Operation; 43] = [
    operation("searchOrders", "GET", "/orders/2026-01-01/orders", (56, 20), Seller),
    operation("getOrder", "GET", "/orders/2026-01-01/orders/{}", READ_ONE, Seller),
    operation("getOrdersV0", "GET", "/orders/v0/orders", (167, 20), Restrictable),
    operation("getOrderV0", "GET", "/orders/v0/orders/{}", READ_ONE, Restrictable),
    operation("getOrderBuyerInfo", "GET", "/orders/v0/orders/{}/buyerInfo", READ_ONE, Restricted),
    operation("getOrderAddress", "GET", "/orders/v0/orders/{}/address", READ_ONE, Restricted),
    operation("getOrderItems", "GET", "/orders/v0/orders/{}/orderItems", READ_ONE, Restrictable),
    operation("getOrderItemsBuyerInfo", "GET", "/orders/v0/orders/{}/orderItems/buyerInfo", READ_ONE, Restricted),
    operation("getOrderRegulatedInfo", "GET", "/orders/v0/orders/{}/regulatedInfo", READ_ONE, Restricted),
    operation("confirmShipment", "POST", "/orders/v0/orders/{}/shipmentConfirmation", (20_000, 10), Seller),
    operation("createRestrictedDataToken", "POST", "/tokens/2021-03-01/restrictedDataToken", (10_000, 10), Seller),
    operation("getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", (160, 15), Seller),
    operation("getAccount", "GET", "/sellers/v1/account", (160, 15), Seller),
    operation("getSubscriptions", "GET", "/notifications/v1/subscriptions", NOTIFY, Seller),
    operation("getSubscription", "GET", "/notifications/v1/subscriptions/{}", NOTIFY, Seller),
    operation("createSubscription", "POST", "/notifications/v1/subscriptions/{}", NOTIFY, Seller),
    operation("getSubscriptionById", "GET", "/notifications/v1/subscriptions/{}/{}", NOTIFY, GrantlessOrSeller),
    operation("deleteSubscriptionById", "DELETE", "/notifications/v1/subscriptions/{}/{}", NOTIFY, GrantlessOrSeller),
    operation("sendTestNotification", "POST", "/notifications/v1/subscriptions/{}/testNotification", NOTIFY, Grantless),
    operation("getDestinations", "GET", "/notifications/v1/destinations", NOTIFY, Grantless),
    operation("createDestination", "POST", "/notifications/v1/destinations", NOTIFY, Grantless),
    operation("getDestination", "GET", "/notifications/v1/destinations/{}", NOTIFY, Grantless),
    operation("deleteDestination", "DELETE", "/notifications/v1/destinations/{}", NOTIFY, Grantless),
    operation("getReports", "GET", "/reports/2021-06-30/reports", REPORT_LIST, Seller),
    operation("createReport", "POST", "/reports/2021-06-30/reports", (167, 15), Seller),
    operation("getReport", "GET", "/reports/2021-06-30/reports/{}", (20_000, 15), Seller),
    operation("cancelReport", "DELETE", "/reports/2021-06-30/reports/{}", REPORT_LIST, Seller),
    operation("getReportSchedules", "GET", "/reports/2021-06-30/schedules", REPORT_LIST, Seller),
    operation("createReportSchedule", "POST", "/reports/2021-06-30/schedules", REPORT_LIST, Seller),
    operation("getReportSchedule", "GET", "/reports/2021-06-30/schedules/{}", REPORT_LIST, Seller),
    operation("cancelReportSchedule", "DELETE", "/reports/2021-06-30/schedules/{}", REPORT_LIST, Seller),
    operation("getReportDocument", "GET", "/reports/2021-06-30/documents/{}", (167, 15), Seller),
    operation("listTransactions", "GET", "/finances/2024-06-19/transactions", MONEY, Seller),
    operation("listSummary", "GET", "/finances/2024-06-19/summary", MONEY, Seller),
    operation("listBalances", "GET", "/finances/2024-06-19/balances", MONEY, Seller),
    operation("listFinancialEventGroups", "GET", "/finances/v0/financialEventGroups", READ_ONE, Seller),
    operation(
        "listFinancialEventsByGroupId",
        "GET",
        "/finances/v0/financialEventGroups/{}/financialEvents",
        READ_ONE,
        Seller,
    ),
    operation("listFinancialEventsByOrderId", "GET", "/finances/v0/orders/{}/financialEvents", READ_ONE, Seller),
    operation("listFinancialEvents", "GET", "/finances/v0/financialEvents", READ_ONE, Seller),
    operation("listPayouts", "GET", "/finances/transfers/2024-06-01/payouts", MONEY, Seller),
    operation("listExpectedPayouts", "GET", "/finances/transfers/2024-06-01/payouts/expected", MONEY, Seller),
    operation("getPaymentMethods", "GET", "/finances/transfers/2024-06-01/paymentMethods", READ_ONE, Seller),
    operation("updateShipmentStatus", "POST", "/orders/v0/orders/{}/shipment", (50_000, 15), Seller),
];

/// The operation at `path`, with the decoded segments that stand in for `{}`.
pub(super) fn find(method: &Method, path: &str) -> Option<(&'static Operation, Vec<String>)> {
    OPERATIONS
        .iter()
        .filter(|operation| operation.method == method.as_str())
        .find_map(|operation| Some((operation, operation.matches(path)?)))
}

impl Operation {
    fn matches(&self, path: &str) -> Option<Vec<String>> {
        let mut values = Vec::new();
        let mut given = path.split('/');
        for wanted in self.path.split('/') {
            let segment = given.next()?;
            match wanted {
                "{}" if !segment.is_empty() => values.push(super::query::decoded_segment(segment)),
                _ if wanted == segment => {}
                _ => return None,
            }
        }
        given.next().is_none().then_some(values)
    }

    /// What the rate limit header says: requests per second, such as `0.0056` or `2.0`.
    pub(super) fn rate_header(&self) -> String {
        let (whole, fraction) = (self.rate_e4 / 10_000, self.rate_e4 % 10_000);
        let digits = format!("{fraction:04}");
        let digits = digits.trim_end_matches('0');
        format!("{whole}.{}", if digits.is_empty() { "0" } else { digits })
    }

    /// Time in which one call is earned.
    pub(super) fn nanos_per_call(&self) -> i128 {
        10_000_000_000_000 / i128::from(self.rate_e4)
    }

    /// Its place in the table.
    pub(super) fn index(&self) -> usize {
        OPERATIONS.iter().position(|operation| std::ptr::eq(operation, self)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart_and_decoded() {
        let found = |method: Method, path: &str| {
            find(&method, path).map(|(operation, values)| (operation.name, values.join("|")))
        };
        assert_eq!(found(Method::GET, "/orders/2026-01-01/orders"), Some(("searchOrders", String::new())));
        assert_eq!(
            found(Method::GET, "/orders/v0/orders/202-1%2F2/orderItems"),
            Some(("getOrderItems", "202-1/2".to_owned()))
        );
        assert_eq!(found(Method::DELETE, "/orders/v0/orders/1"), None);
        assert_eq!(found(Method::GET, "/orders/v0/orders/"), None);
        assert_eq!(found(Method::GET, "/orders/v1/orders"), None);
    }

    #[test]
    fn the_rate_header_is_a_decimal_string() {
        let header = |name| OPERATIONS.iter().find(|operation| operation.name == name).map(Operation::rate_header);
        assert_eq!(header("searchOrders").as_deref(), Some("0.0056"));
        assert_eq!(header("getReport").as_deref(), Some("2.0"));
        assert_eq!(header("getOrder").as_deref(), Some("0.5"));
    }
}
