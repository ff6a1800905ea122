//! The triples of one settlement, each looked up once and numbered.

use std::collections::HashMap;

use super::rules::{Chargebacks, Rules};
use super::supplier::Series;
use super::vocabulary::{Category, Known, Meaning, Place, Source, StockMove, VatCode, fold};
use crate::Role;

/// Number of a triple.
pub(crate) type WordId = u16;

/// A triple and how it is read.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// As the marketplace writes it; of several spellings the first by alphabet.
    pub(crate) text: [String; 3],
    pub(crate) reading: Reading,
    /// Event that its rows belong to, if they belong to an item of an order.
    pub(crate) event: Event,
    /// Number of its kind: rows of one event share it.
    pub(crate) kind: u16,
    /// Number of its kind and class: rows of one fee share it.
    pub(crate) class: u16,
}

/// How rows of a triple are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Part of an item of an order.
    Item(Piece),
    /// A fee.
    Fee(Fee),
    /// Against one account, without VAT.
    Plain { role: Role, stock: StockMove },
    /// An instalment of a loan, or its payout.
    Loan,
    /// Between the clearing account and another bank-type one.
    Movement(Role),
    /// The debt of the settlement before: never posted, or it would count twice.
    Carried,
    /// The payout as a row: the head of the settlement is the authority.
    Payout,
    /// Never posted.
    Ignored,
    /// Waits on suspense.
    Suspense(Why),
}

/// Why rows wait on suspense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Why {
    /// Nobody knows the triple.
    Unknown,
    /// A person must confirm the treatment.
    Unconfirmed,
    /// The vocabulary itself says suspense.
    Unclear,
}

/// What happened to an item of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Event {
    Sale,
    Liquidation,
    Refund,
    Chargeback,
    Claim,
}

impl Event {
    fn of(kind: &str) -> Event {
        if kind.starts_with("chargeback") {
            Event::Chargeback
        } else if kind.starts_with("a-to-z guarantee refund") || kind.starts_with("guarantee") {
            Event::Claim
        } else if kind.starts_with("refund") {
            Event::Refund
        } else if kind.starts_with("liquidations") {
            Event::Liquidation
        } else {
            Event::Sale
        }
    }

    /// Whether its document is a credit note.
    pub(crate) fn is_refund(self) -> bool {
        matches!(self, Event::Refund | Event::Chargeback | Event::Claim)
    }
}

/// A part of an item: an amount, its tax, or the tax that was withheld of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) slot: Slot,
    pub(crate) part: Part,
    pub(crate) role: Role,
    /// A rate that holds whatever the item is.
    pub(crate) fixed: Option<Fixed>,
}

/// What an amount is for. Tax and withheld tax fold into the amount of their slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Slot {
    Goods,
    Delivery,
    GiftWrap,
    Promotion,
    PromotionDelivery,
    Goodwill,
    Restocking,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Amount,
    Tax,
    Withheld,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Fixed {
    Zero,
    Standard,
}

/// A fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fee {
    pub(crate) role: Role,
    pub(crate) series: Series,
    pub(crate) kind: FeeKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FeeKind {
    /// 20 % contained on UK terms.
    Standard,
    /// Depends on where the parcel went.
    Fulfilment,
    Advertising,
    /// Net row of the two-row layout.
    Net,
    /// Its VAT row.
    Tax,
    /// The owner's rules.
    Zero,
    Reverse,
}

/// Triples by number.
pub(crate) struct Words<'a> {
    rules: &'a Rules,
    source: Source,
    list: Vec<Word>,
    by_spelling: HashMap<Box<[u8]>, WordId>,
    by_folded: HashMap<[String; 3], WordId>,
    kinds: Numbers,
    classes: Numbers,
    buffer: Vec<u8>,
    /// Spellings that were seen lately: a few dozen make up nearly all rows.
    recent: Vec<Option<([Box<str>; 3], WordId)>>,
}

/// Places for lately seen spellings, a power of two.
const RECENT: usize = 256;

/// The place of a spelling: rough, since what stands there is compared.
fn place(kind: &str, class: &str, name: &str) -> usize {
    let last = |text: &str| text.as_bytes().last().copied().map_or(0, usize::from);
    let middle = name.as_bytes().get(name.len() / 2).copied().map_or(0, usize::from);
    (kind.len() * 7 + class.len() * 31 + name.len() * 13 + last(name) + middle * 3 + last(class)) & (RECENT - 1)
}

/// Texts that are few.
#[derive(Default)]
struct Numbers {
    list: Vec<String>,
}

impl Numbers {
    fn number(&mut self, text: &str) -> Option<u16> {
        let at = self.list.iter().position(|known| known == text).unwrap_or_else(|| {
            self.list.push(text.to_owned());
            self.list.len() - 1
        });
        u16::try_from(at).ok()
    }
}

impl<'a> Words<'a> {
    pub(crate) fn new(rules: &'a Rules, source: Source) -> Words<'a> {
        Words {
            rules,
            source,
            list: Vec::new(),
            by_spelling: HashMap::new(),
            by_folded: HashMap::new(),
            kinds: Numbers::default(),
            classes: Numbers::default(),
            buffer: Vec::new(),
            recent: vec![None; RECENT],
        }
    }

    pub(crate) fn get(&self, id: WordId) -> &Word {
        &self.list[usize::from(id)]
    }

    pub(crate) fn len(&self) -> WordId {
        self.list.len() as WordId
    }

    pub(crate) fn source(&self) -> Source {
        self.source
    }

    /// The kind with this number, as it is compared.
    pub(crate) fn kind(&self, kind: u16) -> &str {
        &self.kinds.list[usize::from(kind)]
    }

    /// The number of a triple; `None` if there are more than 65,535 different ones.
    pub(crate) fn number(&mut self, kind: &str, class: &str, name: &str) -> Option<WordId> {
        let at = place(kind, class, name);
        if let Some((known, id)) = &self.recent[at]
            && *known[2] == *name
            && *known[1] == *class
            && *known[0] == *kind
        {
            return Some(*id);
        }
        let id = self.spelled(kind, class, name)?;
        self.recent[at] = Some(([kind, class, name].map(Box::from), id));
        Some(id)
    }

    fn spelled(&mut self, kind: &str, class: &str, name: &str) -> Option<WordId> {
        self.buffer.clear();
        for word in [kind, class, name] {
            self.buffer.extend_from_slice(word.as_bytes());
            self.buffer.push(0);
        }
        if let Some(&id) = self.by_spelling.get(self.buffer.as_slice()) {
            return Some(id);
        }
        let folded = [kind, class, name].map(fold);
        let text = [kind, class, name].map(|word| word.trim().to_owned());
        let id = match self.by_folded.get(&folded) {
            Some(&id) => {
                let word = &mut self.list[usize::from(id)];
                if text < word.text {
                    word.text = text;
                }
                id
            }
            None => self.add(folded, text)?,
        };
        self.by_spelling.insert(self.buffer.as_slice().into(), id);
        Some(id)
    }

    fn add(&mut self, folded: [String; 3], text: [String; 3]) -> Option<WordId> {
        let id = WordId::try_from(self.list.len()).ok()?;
        let kind = self.kinds.number(&folded[0])?;
        let class = self.classes.number(&format!("{}/{}", folded[0], folded[1]))?;
        let event = Event::of(&folded[0]);
        let known = self.rules.vocabulary.look_up(self.source, &folded[0], &folded[1], &folded[2]);
        let reading = match known {
            Known::No => Reading::Suspense(Why::Unknown),
            Known::Unconfirmed(_) => Reading::Suspense(Why::Unconfirmed),
            Known::Yes(meaning) => read(meaning, event, &folded[2], self.rules),
        };
        self.list.push(Word { text, reading, event, kind, class });
        self.by_folded.insert(folded, id);
        Some(id)
    }
}

fn read(meaning: Meaning, event: Event, name: &str, rules: &Rules) -> Reading {
    let Meaning { category, place, vat, stock, .. } = meaning;
    let fee = |kind| match place.role() {
        Some(role) => Reading::Fee(Fee { role, series: Series::of(category), kind }),
        None => Reading::Suspense(Why::Unclear),
    };
    let item = |part, fixed| {
        if event == Event::Chargeback && rules.chargebacks == Chargebacks::BadDebt {
            return Reading::Plain { role: Role::BadDebt, stock: StockMove::None };
        }
        let slot = slot(category, part, name);
        let role = place.role().filter(|_| part == Part::Amount).unwrap_or_else(|| parent(slot, event));
        Reading::Item(Piece { slot, part, role, fixed })
    };
    match vat {
        VatCode::OutGoods | VatCode::OutGoodsContra => item(Part::Amount, None),
        VatCode::ZeroExport => item(Part::Amount, Some(Fixed::Zero)),
        VatCode::OutStd20 => item(Part::Amount, Some(Fixed::Standard)),
        VatCode::TaxComponent => item(Part::Tax, None),
        VatCode::MktTaxPass => item(Part::Withheld, None),
        VatCode::InStd20 => fee(FeeKind::Standard),
        VatCode::InFbaSplit => fee(FeeKind::Fulfilment),
        VatCode::InAds => fee(FeeKind::Advertising),
        VatCode::InTwoRow => fee(FeeKind::Net),
        VatCode::InTwoRowTax => fee(FeeKind::Tax),
        VatCode::InZero => fee(FeeKind::Zero),
        VatCode::InReverse => fee(FeeKind::Reverse),
        VatCode::IgnoreParent | VatCode::IgnoreDup => Reading::Ignored,
        VatCode::OutsideScope | VatCode::NoVatBs => plain(category, place, name, stock, meaning.own),
        VatCode::Review | VatCode::NaUk => Reading::Suspense(Why::Unconfirmed),
    }
}

fn plain(category: Category, place: Place, name: &str, stock: StockMove, own: bool) -> Reading {
    match (category, place) {
        (Category::BalanceForward, _) => Reading::Carried,
        (Category::Loan, _) => Reading::Loan,
        (Category::TransferOut, Place::Role(Role::Bank)) if !own && !name.starts_with("micro deposit") => {
            Reading::Payout
        }
        (_, Place::Role(Role::Suspense)) | (_, Place::Clearing | Place::Parent | Place::None) => {
            Reading::Suspense(Why::Unclear)
        }
        (_, Place::Role(role)) if role.is_bank_type() => Reading::Movement(role),
        (_, Place::Role(role)) => Reading::Plain { role, stock },
    }
}

/// The slot of an amount by its category; of tax by its name, which says what it is the tax of.
fn slot(category: Category, part: Part, name: &str) -> Slot {
    if part == Part::Amount {
        return match category {
            Category::RevenueShipping => Slot::Delivery,
            Category::RefundShipping if !name.contains("return") => Slot::Delivery,
            Category::RevenueGiftwrap | Category::RefundGiftwrap => Slot::GiftWrap,
            Category::PromoDiscount => Slot::Promotion,
            Category::PromoDiscountShipping => Slot::PromotionDelivery,
            Category::PromoDiscountRefund if name.contains("shipping") => Slot::PromotionDelivery,
            Category::PromoDiscountRefund => Slot::Promotion,
            Category::RefundGoodwill => Slot::Goodwill,
            Category::RefundRestocking => Slot::Restocking,
            Category::Chargeback | Category::AtozClaim if name.contains("shipping") => Slot::Delivery,
            Category::RevenueOther | Category::RefundShipping => Slot::Other,
            _ => Slot::Goods,
        };
    }
    let has = |word: &str| name.contains(word);
    if has("restocking") {
        Slot::Restocking
    } else if has("discount") || has("rebate") || has("promo") {
        if has("shipping") { Slot::PromotionDelivery } else { Slot::Promotion }
    } else if has("giftwrap") || has("gift wrap") {
        Slot::GiftWrap
    } else if has("shipping") {
        Slot::Delivery
    } else if has("cod") {
        Slot::Other
    } else {
        Slot::Goods
    }
}

/// The account of a slot whose amount has no row of its own.
fn parent(slot: Slot, event: Event) -> Role {
    match (slot, event.is_refund()) {
        (Slot::Promotion | Slot::PromotionDelivery, _) => Role::Promo,
        (Slot::Restocking, _) => Role::Restock,
        (_, true) | (Slot::Goodwill, false) => Role::Refunds,
        (Slot::Delivery, false) => Role::ShipInc,
        (Slot::GiftWrap, false) => Role::GiftInc,
        (Slot::Other, false) => Role::OtherInc,
        (Slot::Goods, false) if event == Event::Liquidation => Role::SalesLiq,
        (Slot::Goods, false) => Role::Sales,
    }
}
