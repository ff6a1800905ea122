//! Makes the orders of one day. The same seed and day give the same orders.

use jiff::{Timestamp, ToSpan};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::market::{DE, FR, IE, Marketplace, UK};
use super::order::{Buyer, Scheme, WorldOrder};
use super::people::{Destination, person};
use super::rates::mix;
use super::seller::{Address, Fulfilment, SellerProfile};
use super::{basket, life};

/// One day of the world.
pub(super) struct Day<'a> {
    pub(super) seed: u64,
    pub(super) seller: &'a SellerProfile,
    pub(super) start: Timestamp,
    /// Days since the world began.
    pub(super) number: u32,
    /// Orders placed on it.
    pub(super) count: u32,
    /// Orders placed before it.
    pub(super) before: u64,
    /// Those orders, for replacements.
    pub(super) earlier: &'a [std::sync::Arc<WorldOrder>],
}

/// How busy the hours are, midnight UTC first: the chance in 100 that a moment drawn in the hour is kept.
const BUSY: [u32; 24] = [9, 6, 4, 3, 3, 6, 14, 30, 48, 60, 66, 70, 76, 72, 66, 64, 68, 78, 92, 100, 98, 82, 52, 24];

impl Day<'_> {
    /// Its orders, in order of time.
    pub(super) fn orders(&self) -> Vec<WorldOrder> {
        let mut rng = ChaCha8Rng::seed_from_u64(mix(self.seed ^ (u64::from(self.number) << 20) ^ 0xDA11));
        let mut moments: Vec<Timestamp> = (0..self.count).map(|_| self.moment(&mut rng)).collect();
        moments.sort_unstable();
        moments
            .into_iter()
            .zip(self.before..)
            .map(|(placed_at, number)| self.order(&mut rng, placed_at, number))
            .collect()
    }

    fn moment(&self, rng: &mut ChaCha8Rng) -> Timestamp {
        loop {
            let millis = rng.random_range(0..86_400_000_i64);
            let moment = self.start.saturating_add(millis.milliseconds()).unwrap_or(self.start);
            let hour = moment.as_second().rem_euclid(86_400) / 3600;
            let chance = usize::try_from(hour).ok().and_then(|hour| BUSY.get(hour)).copied().unwrap_or(50);
            if rng.random_ratio(chance, 100) {
                return moment;
            }
        }
    }

    fn order(&self, rng: &mut ChaCha8Rng, placed_at: Timestamp, number: u64) -> WorldOrder {
        if rng.random_ratio(1, 70)
            && let Some(order) = self.replacement(rng, placed_at, number)
        {
            return order;
        }
        let (marketplace, destination) = place(rng);
        let business = rng.random_ratio(if marketplace.country == "GB" { 12 } else { 3 }, 100);
        let (buyer, ship_to) = person(rng, destination, business);
        let fulfilment = if rng.random_ratio(55, 100) { Fulfilment::Fba } else { Fulfilment::Fbm };
        let mut items = basket::items(rng, self.seller, fulfilment, marketplace, number);
        basket::tax(&mut items, self.seller, destination, marketplace, business);
        let timeline = life::timeline(rng, placed_at, fulfilment, &items);
        let prime = fulfilment == Fulfilment::Fba && rng.random_ratio(3, 5);
        order(rng, number, Placed { marketplace, placed_at, buyer, ship_to, fulfilment, prime }, items, timeline)
    }

    /// A free replacement of an order that was dispatched in full.
    fn replacement(&self, rng: &mut ChaCha8Rng, placed_at: Timestamp, number: u64) -> Option<WorldOrder> {
        let eligible = |order: &&std::sync::Arc<WorldOrder>| {
            let ended =
                order.timeline.last().is_some_and(|event| matches!(event.what, super::Happening::Dispatched(_)));
            ended && order.replaces.is_none() && order.last_event_at() < placed_at
        };
        let from = rng.random_range(0..self.earlier.len().max(1));
        let original = self.earlier.get(from..)?.iter().take(50).find(eligible)?;
        let mut items = original.items.clone();
        for (line, item) in items.iter_mut().enumerate() {
            item.item_id = basket::item_id(number, line);
            item.free_of_charge();
        }
        let timeline = life::timeline_dispatched_once(rng, placed_at, original.fulfilment, &items);
        let placed = Placed {
            marketplace: original.marketplace,
            placed_at,
            buyer: original.buyer.clone(),
            ship_to: original.ship_to.clone(),
            fulfilment: original.fulfilment,
            prime: false,
        };
        Some(WorldOrder { replaces: Some(original.id.clone()), ..order(rng, number, placed, items, timeline) })
    }
}

struct Placed {
    marketplace: &'static Marketplace,
    placed_at: Timestamp,
    buyer: Buyer,
    ship_to: Address,
    fulfilment: Fulfilment,
    prime: bool,
}

fn order(
    rng: &mut ChaCha8Rng,
    number: u64,
    placed: Placed,
    items: Vec<super::WorldItem>,
    timeline: Vec<super::Event>,
) -> WorldOrder {
    let Placed { marketplace, placed_at, buyer, ship_to, fulfilment, prime } = placed;
    let id = order_id(rng, marketplace, number);
    WorldOrder {
        id,
        marketplace,
        placed_at,
        fulfilment,
        buyer,
        ship_to,
        ship_from: "GB",
        items,
        timeline,
        replaces: None,
        prime,
        quirk: None,
    }
}

/// The last group counts orders in a scattered way, so that no two orders of a world share an id.
fn order_id(rng: &mut ChaCha8Rng, marketplace: &Marketplace, number: u64) -> String {
    let prefix = match marketplace.country {
        "DE" => rng.random_range(302..307_u32),
        "FR" => rng.random_range(402..409_u32),
        _ => rng.random_range(202..207_u32),
    };
    let scattered = (number % 10_000_000) * 1_234_577 % 10_000_000;
    format!("{prefix}-{:07}-{scattered:07}", rng.random_range(0..10_000_000_u32))
}

fn place(rng: &mut ChaCha8Rng) -> (&'static Marketplace, Destination) {
    match rng.random_range(0..1000_u32) {
        0..760 => (&UK, Destination::Britain),
        760..795 => (&UK, Destination::NorthernIreland),
        795..805 => (&UK, Destination::IsleOfMan),
        805..815 => (&UK, Destination::Jersey),
        815..820 => (&UK, Destination::Guernsey),
        820..830 => (&UK, Destination::Ireland),
        830..835 => (&UK, Destination::Norway),
        835..915 => (&DE, Destination::Germany),
        915..965 => (&FR, Destination::France),
        _ => (&IE, Destination::Ireland),
    }
}

/// How the tax of a sale is settled, from where it goes and who buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Treatment {
    /// The seller's own UK VAT by the product's class.
    Domestic,
    /// Zero-rated export; nobody adds tax.
    Export,
    /// The marketplace collects the tax of the destination: standard and reduced rate in per cent.
    Collected { scheme: Scheme, standard: i64, reduced: i64 },
}

/// Consumers in the EU and Norway pay their own tax to the marketplace when the goods are worth at most the import threshold.
pub(super) fn treatment(
    destination: Destination,
    business: bool,
    goods_minor: i64,
    marketplace: &Marketplace,
) -> Treatment {
    let ioss_limit = if marketplace.currency == "EUR" { 15_000 } else { 13_000 };
    let ioss = |standard, reduced| {
        if business || goods_minor > ioss_limit {
            Treatment::Export
        } else {
            Treatment::Collected { scheme: Scheme::Ioss, standard, reduced }
        }
    };
    match destination {
        Destination::Britain | Destination::NorthernIreland | Destination::IsleOfMan => Treatment::Domestic,
        Destination::Jersey | Destination::Guernsey => Treatment::Export,
        Destination::Germany => ioss(19, 7),
        Destination::France => ioss(20, 10),
        Destination::Ireland => ioss(23, 9),
        Destination::Norway if business || goods_minor > 23_000 => Treatment::Export,
        Destination::Norway => Treatment::Collected { scheme: Scheme::Facilitator, standard: 25, reduced: 15 },
    }
}
