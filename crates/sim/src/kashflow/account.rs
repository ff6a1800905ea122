//! One KashFlow account: its ledger, its sessions, its clock.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clock::Clock;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::chart;
use super::day::london_day;
use super::json::Json;
use super::ledger::{BankRow, BankTransaction, Contact, Extras, Invoice, Journal, Ledger, Product, Side, VatReturn};
use super::people::{Done, People, Planned};
use super::sessions::{Secrets, Sessions, guid};
use crate::faults::Dice;
use crate::{KashflowCredentials, KashflowOptions};

/// One KashFlow account. The HTTP face and the oracle look at the same one.
pub struct Account {
    seed: u64,
    clock: Clock,
    options: KashflowOptions,
    ledger: Mutex<Ledger>,
    sessions: Mutex<Sessions>,
    people: Mutex<People>,
    /// How often tied bank rows were shuffled.
    shuffles: AtomicU64,
}

/// A product to start the account with.
#[derive(Clone, Debug)]
pub struct NewProduct {
    /// The sales code it belongs to.
    pub nominal: i64,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// VAT percentage.
    pub vat_rate: Decimal,
    /// Whether its stock is counted.
    pub managed: bool,
    /// Units in stock.
    pub in_stock: i64,
}

/// What kind of customer a customer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerKind {
    /// Its currency.
    pub currency: String,
    /// `Domestic`, `EU` or `Rest of World`.
    pub border: String,
}

/// A product's stock: what it began with and what is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// The sales code of the product.
    pub nominal: i64,
    /// The product's code.
    pub code: String,
    /// Whether it is counted.
    pub managed: bool,
    /// What it was created or last set with.
    pub opening: Decimal,
    /// What is left.
    pub left: Decimal,
}

impl Account {
    /// A new account with invented secrets, which depend on the seed only.
    pub fn new(seed: u64, options: KashflowOptions, clock: Clock) -> Arc<Account> {
        let dice = Dice::new(seed);
        let words = ["saucepan", "kingfisher", "marmalade", "lighthouse", "driftwood", "windowsill"];
        let word = words[usize::try_from(dice.below(&["kashflow-word"], 0, words.len() as u64)).unwrap_or(0)];
        let secrets = Secrets {
            username: format!("demo.trader{}", dice.below(&["kashflow-user"], 0, 1000)),
            password: format!("Kettle-{:08x}", dice.below(&["kashflow-password"], 0, 1 << 32)),
            memorable_word: word.to_owned(),
            external_token: guid(&dice, "external", 0),
            user_id: 4_711,
        };
        let sessions = Mutex::new(Sessions::new(seed, secrets, options.session_idle_min));
        let ledger = Mutex::new(Ledger::new(options.clone()));
        Arc::new(Account {
            seed,
            clock,
            options,
            ledger,
            sessions,
            people: Mutex::default(),
            shuffles: AtomicU64::new(0),
        })
    }

    /// What a client needs to log in at `base_url` (`http://127.0.0.1:<port>/v2`).
    pub fn credentials(&self, base_url: &str) -> KashflowCredentials {
        let secrets = self.sessions().secrets().clone();
        KashflowCredentials {
            base_url: base_url.to_owned(),
            soap_wsdl_url: Some(format!("{}/api/service.asmx?WSDL", base_url.trim_end_matches("/v2"))),
            username: secrets.username,
            password: secrets.password,
            memorable_word: secrets.memorable_word,
        }
    }

    /// The external token and the user id it belongs to.
    pub fn external_token(&self) -> (String, i64) {
        let secrets = self.sessions().secrets().clone();
        (secrets.external_token, secrets.user_id)
    }

    /// The key with which a client lets its own address in, if the account allows that.
    pub fn auto_auth_key(&self) -> String {
        let number = Dice::new(self.seed).below(&["kashflow-auto-auth"], 0, 1 << 48);
        format!("{:08X}-{:04X}", number >> 16, number & 0xFFFF)
    }

    /// The nominal code of each role of this account's chart.
    pub fn roles(&self) -> BTreeMap<&'static str, i64> {
        chart::ROLES.iter().copied().collect()
    }

    /// The clearing account for `currency`.
    pub fn clearing_account_id(&self, currency: &str) -> Option<i64> {
        let found = chart::BANK_ACCOUNTS.iter().find(|(_, _, _, own)| *own == Some(currency));
        found.map(|(id, ..)| *id)
    }

    /// The nominal code of the clearing account for `currency`.
    pub fn clearing_nominal(&self, currency: &str) -> Option<i64> {
        let found = chart::BANK_ACCOUNTS.iter().find(|(_, _, _, own)| *own == Some(currency));
        found.map(|(_, _, nominal, _)| *nominal)
    }

    /// The nominal code of each bank account, by its id.
    pub fn bank_nominals(&self) -> BTreeMap<i64, i64> {
        self.ledger().banks.values().map(|bank| (bank.id, bank.code)).collect()
    }

    /// The payment method for money that Amazon holds.
    pub fn payment_method_id(&self) -> i64 {
        chart::AMAZON_METHOD
    }

    /// Puts a product into the account, or replaces the one with its key.
    pub fn add_product(&self, new: NewProduct) {
        let mut ledger = self.ledger();
        let (id, key) = (ledger.fresh_id(), Ledger::product_key(new.nominal, &new.code));
        let stock = Decimal::from(new.in_stock);
        let product = Product {
            id,
            nominal: new.nominal,
            code: new.code,
            name: new.name,
            price: Decimal::ZERO,
            vat_rate: new.vat_rate,
            managed: new.managed,
            in_stock: stock,
            opening_stock: stock,
            in_use: true,
            extras: Extras::new(),
        };
        ledger.products.insert(key, product);
    }

    /// The stock of every product.
    pub fn stock(&self) -> Vec<Stock> {
        let ledger = self.ledger();
        let stock = ledger.products.values().map(|product| Stock {
            nominal: product.nominal,
            code: product.code.clone(),
            managed: product.managed,
            opening: product.opening_stock,
            left: product.in_stock,
        });
        stock.collect()
    }

    /// Every invoice and credit note, by number.
    pub fn invoices(&self) -> Vec<Invoice> {
        self.ledger()[Side::Sales].invoices.all().cloned().collect()
    }

    /// The invoice with this number.
    pub fn invoice(&self, number: i64) -> Option<Invoice> {
        self.ledger()[Side::Sales].invoices.get(number).cloned()
    }

    /// What the oracle wants to know of the customer with this code.
    pub fn customer(&self, code: &str) -> Option<CustomerKind> {
        let ledger = self.ledger();
        let customer = ledger[Side::Sales].contacts.by_code(code)?;
        let border =
            customer.extras.get("TradeBorderType").and_then(Json::as_text).unwrap_or_else(|| "Domestic".to_owned());
        Some(CustomerKind { currency: customer.currency.clone(), border })
    }

    /// A person changes an invoice in the application.
    pub fn edit_invoice(&self, number: i64, change: impl FnOnce(&mut Invoice)) {
        self.ledger().change_invoice(Side::Sales, number, change);
    }

    /// A person deletes an invoice in the application, payments and all.
    pub fn delete_invoice(&self, number: i64) {
        self.ledger().delete_invoice(Side::Sales, number);
    }

    /// Files a document as it is, as a person does in the application. Gives its number: the one it has, or the next for 0.
    pub fn file_invoice(&self, mut invoice: Invoice) -> i64 {
        let mut ledger = self.ledger();
        invoice.id = ledger.fresh_id();
        if invoice.number == 0 {
            invoice.number = ledger[invoice.side].invoices.next_number();
        }
        for payment in &mut invoice.payments {
            payment.id = ledger.fresh_id();
        }
        let (number, taken) = (invoice.number, ledger[invoice.side].invoices.get(invoice.number).is_some());
        ledger.put_invoice(invoice, taken.then_some(number));
        number
    }

    /// Files a bank transaction or a transfer as it is, as a person does in the application. Gives its id.
    pub fn file_transaction(&self, own: BankTransaction) -> i64 {
        let mut ledger = self.ledger();
        let id = ledger.fresh_id();
        ledger.put_transaction(BankTransaction { id, ..own });
        id
    }

    /// A person changes a bank transaction in the application.
    pub fn edit_transaction(&self, id: i64, change: impl FnOnce(&mut BankTransaction)) {
        let mut ledger = self.ledger();
        if let Some(mut own) = ledger.transactions.get(&id).cloned() {
            change(&mut own);
            ledger.put_transaction(own);
        }
    }

    /// Files a journal as it is, as a person does in the application. Gives its number: the next one.
    pub fn file_journal(&self, mut own: Journal) -> i64 {
        let mut ledger = self.ledger();
        own.id = ledger.fresh_id();
        own.number = ledger.next_journal_number();
        for line in &mut own.lines {
            line.id = ledger.fresh_id();
        }
        let number = own.number;
        ledger.put_journal(own, None);
        number
    }

    /// Files a customer as it is, as a person does in the application.
    pub fn file_customer(&self, code: &str, currency: &str, border: &str) {
        let now = self.now();
        let mut ledger = self.ledger();
        let customer = Contact {
            id: ledger.fresh_id(),
            code: code.to_owned(),
            name: format!("Customer {code}"),
            currency: currency.to_owned(),
            contacts: Vec::new(),
            archived: false,
            created_at: now,
            updated_at: now,
            extras: Extras::from([("TradeBorderType", Json::from(border))]),
            figures: Default::default(),
        };
        ledger[Side::Sales].contacts.put(customer);
    }

    /// Has people do these things at their times: before the first request after each.
    pub fn schedule(&self, deeds: Vec<Planned>) {
        self.people().plan(deeds);
    }

    /// What people have done so far.
    pub fn people_done(&self) -> Vec<Done> {
        self.people().done().to_vec()
    }

    /// Does what people have planned up to now.
    pub(crate) fn let_people_act(&self) {
        let mut people = self.people();
        people.act(self, self.now());
    }

    fn people(&self) -> MutexGuard<'_, People> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The day up to which everything is locked, if any is.
    pub fn locked_until(&self) -> Option<Date> {
        self.ledger().locked_until
    }

    /// Locks everything dated on or before `day`, as an accountant does; `None` unlocks.
    pub fn lock_until(&self, day: Option<Date>) {
        self.ledger().locked_until = day;
    }

    /// A person submits the VAT return that ends on `until`: what it contains no longer changes. Gives its id.
    pub fn submit_vat_return(&self, until: Date) -> i64 {
        let mut ledger = self.ledger();
        let id = ledger.fresh_id();
        ledger.vat_returns.push(VatReturn { id, until });
        ledger.vat_returns.sort_by_key(|own| own.until);
        id
    }

    /// Ends every session, as a restart of the remote does.
    pub fn end_sessions(&self) {
        self.sessions().close_all();
    }

    /// Demands a new password at the next log-in, or no longer does.
    pub fn expire_password(&self, expired: bool) {
        self.sessions().expire_password(expired);
    }

    /// A person changes the password.
    pub fn change_password(&self, password: &str) {
        self.sessions().change_password(password);
    }

    /// Completed log-ins so far.
    pub fn log_ins(&self) -> u64 {
        self.sessions().log_ins()
    }

    /// What this account was started with.
    pub fn options(&self) -> &KashflowOptions {
        &self.options
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn today(&self) -> Date {
        london_day(self.now())
    }

    /// Opens the books: what is made in them is made now.
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.now = self.clock.now();
        ledger
    }

    /// Puts bank rows of the same day into another order each time, as live accounts do.
    pub(super) fn shuffle_ties(&self, rows: &mut [BankRow]) {
        let (dice, turn) = (Dice::new(self.seed), self.shuffles.fetch_add(1, Ordering::Relaxed));
        rows.sort_by_cached_key(|row| (row.date, dice.roll(&["ties"], turn.rotate_left(32) ^ row.id.unsigned_abs())));
    }

    pub(super) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("seed", &self.seed).finish_non_exhaustive()
    }
}
