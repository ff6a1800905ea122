//! The profile of an example, from its context.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;

use super::generate::{Example, sku_of, text};

impl Example {
    /// What the owner of the example decided, and nothing that the documented defaults say already.
    pub(super) fn profile(&self) -> String {
        let context = &self.context;
        let mut profile = format!("# {}: {}\n", self.id, text(&self.data["title"]));
        let mut say = |line: String| writeln!(profile, "{line}").expect("a String takes everything");
        say("[seller]".to_owned());
        if text(&context["establishment"]) == "overseas" {
            say("established = \"CN\"".to_owned());
        }
        if context["eu_establishment"] == json!(true) {
            say("eu_establishment = true".to_owned());
        }
        if ["on", "off"].contains(&text(&context["vcs"])) {
            say(format!("vcs = \"{}\"", text(&context["vcs"])));
        }
        say("\n[[vat.schemes]]".to_owned());
        let scheme = text(&context["vat_scheme"]);
        // Abridged documents show no VAT: sales are zero-rated, and a loss has only fees, whose VAT nobody reclaims.
        let loss = self.input().iter().any(|line| line.class.is_empty() && line.minor < 0);
        match scheme.strip_prefix("flat rate ") {
            Some(rate) => {
                say("scheme = \"flat_rate\"".to_owned());
                say(format!("flat_rate = \"{}\"", rate.trim_end_matches(" %")));
            }
            None if loss || scheme == "not registered" => say("scheme = \"not_registered\"".to_owned()),
            None => say("scheme = \"standard\"".to_owned()),
        }
        if scheme.starts_with("flat rate") {
            say("\n[vat]\nflat_rate_journal = true".to_owned());
        }
        let classes = self.classes();
        if !classes.is_empty() {
            say("\n[vat.skus]".to_owned());
            for (sku, class) in classes {
                say(format!("\"{sku}\" = \"{class}\""));
            }
        }
        if context["oss"].is_string() {
            say("\n[vat.oss]\nunion = true".to_owned());
        }
        if let Some(rate) = context.get("rate") {
            let currency = text(&rate["pair"]).split(' ').next().unwrap_or_default();
            let month = &self.posted()[..7];
            say(format!("\n[rates.periods.\"{month}\"]\n{currency} = \"{}\"", text(&rate["value"])));
        }
        let place = context.get("stock_country").map(text).filter(|place| *place != "GB");
        if context["perpetual_stock"] == json!(true) || place.is_some() {
            say(format!("\n[stock]\nperpetual = {}", context["perpetual_stock"] == json!(true)));
        }
        if let Some(cost) = context.get("unit_cost") {
            say(format!("\n[stock.costs]\n\"SKU-*\" = \"{}\"", text(cost)));
        }
        if let Some(place) = place {
            say(format!("\n[stock.places]\n\"SKU-*\" = \"{place}\""));
        }
        say(format!("\n[settlements]\nfees = \"{}\"", text(&context["fee_form"])));
        if let Some(confirmed) = context.get("confirmed") {
            say(format!("confirmed = {confirmed}"));
        }
        if let Some(split) = context.get("lender_split") {
            say(format!(
                "\n[[settlements.loans]]\npaid_on = {}\nprincipal = \"{}\"\ninterest = \"{}\"",
                self.posted(),
                text(&split["principal"]),
                text(&split["interest"])
            ));
        }
        profile
    }

    /// The class of each SKU that has a price.
    fn classes(&self) -> BTreeMap<String, String> {
        let mut classes = BTreeMap::new();
        let input = self.input();
        for line in &input {
            let Some(order) = &line.order else { continue };
            let class = if line.class.is_empty() { "0" } else { self.class(order, line.item) };
            classes.insert(sku_of(order, line.item), class.to_owned());
        }
        if input.is_empty() {
            classes.insert(sku_of("1", 1), self.class("1", 1).to_owned());
        }
        classes
    }
}
