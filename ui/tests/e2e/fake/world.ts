/**
 * An invented small business for tests of the console: 100,000 orders computed from their number, so that nothing is stored.
 * Shaped by the generated types, so a change of the API fails the type check here first.
 */
import type { components } from '../../../src/api/schema';

type Schemas = components['schemas'];
type Order = Schemas['OrderSummary'];

export const ORDERS = 100_000;
const NEWEST_AT = Date.parse('2026-11-23T14:30:00Z');
const STAGES: Order['stage'][] = ['invoiced', 'invoiced', 'invoiced', 'waiting', 'invoiced', 'invoicing', 'invoiced', 'nothing_to_do', 'invoiced', 'review', 'invoiced', 'failed'];
const SITES = [['Amazon.co.uk', 'GBP'], ['Amazon.co.uk', 'GBP'], ['Amazon.de', 'EUR'], ['Amazon.fr', 'EUR'], ['Amazon.se', 'SEK']] as const;
const WHY: Partial<Record<Order['stage'], string>> = {
  waiting: 'dispatch, or payment if the mapping says so',
  nothing_to_do: 'a free replacement: there is nothing to invoice',
  review: 'The SKU MUG-GREEN has no account in the mapping.',
  failed: 'KashFlow refused the invoice: the period is locked.',
};

const at = (ms: number) => new Date(ms).toISOString();

/** The id of order `n`; 0 is the oldest. */
export function idOf(n: number): string {
  return `20${3 + (n % 4)}-${String(1_000_000 + n).slice(-7)}-${String((n * 7919) % 10_000_000).padStart(7, '0')}`;
}

export function order(n: number): Order {
  const stage = STAGES[n % STAGES.length]!;
  const [marketplace, currency] = SITES[n % SITES.length]!;
  const placed = NEWEST_AT - (ORDERS - n) * 97_000;
  return {
    pair: 'main', order_id: idOf(n), marketplace, status: stage === 'waiting' ? 'unshipped' : 'shipped', fulfilment: n % 3 === 0 ? 'FBM' : 'FBA', business: n % 11 === 0,
    placed_at: at(placed), updated_at: at(placed + 60_000), total: n % 17 === 3 ? null : { minor: 500 + ((n * 37) % 12_000), currency, decimals: 2 },
    stage, stage_reason: WHY[stage] ?? null, first_seen_at: at(placed + 4_000),
    invoiced_at: stage === 'invoiced' ? at(placed + 66_000) : null, documents: stage === 'invoiced' ? [String(1000 + n)] : [],
  };
}

const gbp = (minor: number) => ({ minor, currency: 'GBP' });
const line = (description: string, quantity: number, net: number, vat: number) => ({
  description, quantity, unit_net: gbp(net / quantity), net: gbp(net), vat: gbp(vat), vat_rate: { percent: '20' }, nominal: 4000, product: null, order_line: '1', units: quantity, sku: 'MUG-BLUE',
});
const TRACE: Schemas['TraceStep'][] = [
  { step: 'is-ready', uses: 'Message Filter', decision: 'goes on', input: { ready: 'yes' }, output: true },
  { step: 'who-ships', uses: 'Content-Based Router', decision: 'takes the route fba', input: { fulfilment: 'FBA' }, output: 'fba' },
  { step: 'invoice', uses: 'want_invoice', decision: 'one invoice of £27.60 is wanted', input: {}, output: { reference: 'AMZ-203-1' } },
];

export function timeline(order: Order): Schemas['Entry'][] {
  const seen = Date.parse(order.first_seen_at);
  const draft = {
    key: { order: order.order_id, kind: 'invoice', ordinal: 1 }, reference: `AMZ-${order.order_id}`, customer: { code: 'AMZUKSTD', name: 'Amazon UK customers', shared: true },
    issued_on: order.placed_at.slice(0, 10), due_on: order.placed_at.slice(0, 10), currency: 'GBP', rate: null, lines: [line('MUG-BLUE Blue mug', 2, 2000, 400), line('Delivery', 1, 300, 60)],
    payment: { account: 7, method: 3, amount: gbp(2760), on: order.placed_at.slice(0, 10), note: 'Tillbridge' }, delivery: null, reverses: null,
  };
  const receipt = {
    number: 1042, remote_id: 99, reference: draft.reference, customer: 'AMZUKSTD', issued_on: draft.issued_on, currency: 'GBP',
    lines: draft.lines.map(({ net, vat, vat_rate, nominal }) => ({ net, vat, vat_rate, nominal })), net: gbp(2300), vat: gbp(460), paid: gbp(2760), locked: false,
  };
  const entries: Schemas['Entry'][] = [
    { at: at(seen), kind: 'fact', title: 'Amazon told us about the order', detail: 'This is the order as Amazon last changed it, kept word for word (order-2026).', state: null, data: { orderId: order.order_id, fulfillment: { fulfillmentStatus: 'SHIPPED' } } },
    { at: at(seen + 300), kind: 'run', title: 'Decided: this belongs in the books', detail: 'Flow orders-to-invoices version 1 with mapping version 1.', state: 'wants', data: TRACE },
    { at: at(seen + 301), kind: 'intent', title: 'Invoice 1042 decided', detail: 'It was sent once and is in the books.', state: 'confirmed', data: draft },
    { at: at(seen + 62_000), kind: 'receipt', title: 'Invoice 1042 is in KashFlow', detail: 'We read it back, and it is what we meant to the penny.', state: 'confirmed', data: receipt },
  ];
  if (order.stage === 'invoiced') return entries;
  const asked = { code: 'no_account', kind: 'review', fix: 'Add an account for MUG-GREEN to the mapping, then try again.', path: '$.orderItems[0].product.sellerSku', closed_at: null, closed_by: null, note: null };
  return [entries[0]!, { at: at(seen + 300), kind: 'review', title: 'A SKU has no account', detail: order.stage_reason ?? 'It waits.', state: 'open', data: asked }];
}

export function runs(count: number): Schemas['RunDetail'][] {
  return Array.from({ length: count }, (_, n) => {
    const { order_id, placed_at, stage, stage_reason } = order(ORDERS - 1 - n);
    const outcome = { invoiced: 'wants', invoicing: 'wants', waiting: 'waiting', nothing_to_do: 'nothing', review: 'parked', failed: 'wants' }[stage];
    return { id: `run-${String(count - n).padStart(5, '0')}`, pair: 'main', subject: order_id, flow: 'orders-to-invoices', flow_version: 1, mapping_version: 1, outcome, reason: stage_reason ?? null, at: placed_at, trace: TRACE };
  });
}

export function reviews(): Schemas['Review'][] {
  const subject = (n: number) => idOf(ORDERS - n);
  const open = { pair: 'main', path: null, amount: null, opened_at: '2026-11-23T08:12:00Z', closed_at: null, closed_by: null, note: null };
  return [
    { ...open, id: 1, subject: subject(3), code: 'no_account', kind: 'review', title: 'A SKU has no account', reason: 'The SKU MUG-GREEN has no account in the mapping. Nothing is posted for this order until it has.', fix: 'Add an account for MUG-GREEN to the mapping, then try again.', path: '$.orderItems[0].product.sellerSku', amount: { minor: 2400, currency: 'GBP', decimals: 2 } },
    { ...open, id: 2, subject: subject(9), code: 'changed_by_hand', kind: 'break', title: 'Invoice 1042 was changed in KashFlow', reason: 'KashFlow holds £23.00 where we wrote £24.00. The VAT return would be £0.17 short.', fix: 'Put it back in KashFlow, or close this item with the reason for the change.', amount: { minor: -100, currency: 'GBP', decimals: 2 } },
    { ...open, id: 3, subject: 'connection/kashflow', code: 'connection_paused', kind: 'dead_letter', title: 'KashFlow is paused', reason: 'KashFlow no longer accepts our credentials.', fix: 'Sign in again with `tillbridge connect kashflow`.' },
    { ...open, id: 4, subject: subject(40), code: 'no_rate', kind: 'review', title: 'No exchange rate', reason: 'There was no rate for SEK on 20 November.', fix: 'Load the rate.', closed_at: '2026-11-23T10:00:00Z', closed_by: 'owner', note: 'The table was loaded.' },
  ];
}
