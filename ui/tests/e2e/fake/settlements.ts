/** Invented settlements: one in the books, one kept back, one that needs a person, one just received. */
import type { components } from '../../../src/api/schema';

type Schemas = components['schemas'];
type Detail = Schemas['SettlementDetail'];
type Head = Schemas['SettlementHead'];

const gbp = (minor: number) => ({ minor, currency: 'GBP', decimals: 2 });

function head(id: string, stage: Head['stage'], part: Partial<Head> = {}): Head {
  return {
    pair: 'main', id, currency: 'GBP', source: 'marketplace', from: '2026-11-01T00:00:00Z', to: '2026-11-15T00:00:00Z', deposit_on: '2026-11-17T09:00:00Z', total: gbp(123_456),
    rows: 1_842, stage, stage_reason: null, mode: 'settlement', documents: 6, in_suspense: 0, clearing_after: gbp(0), explained: true, first_seen_at: '2026-11-16T04:12:00Z',
    posted_at: stage === 'posted' ? '2026-11-16T04:13:00Z' : null, ...part,
  };
}

const empty = { format: 'v2', clearing: null, waterfall: [], documents: [], document_states: {}, ledger: [], tasks: [], problems: [], unreadable: [], vat: [], reviews: [], unread: [] };

const documents = (last: Partial<Schemas['SettlementDocument']> = {}): Schemas['SettlementDocument'][] =>
  ([['invoice', 1051, 198_400], ['payment', null, 198_400], ['refund', 1052, -12_600], ['bill', 88, 41_236], ['transfer', null, 10_000], ['transfer', null, 123_456]] as const).map(([kind, number, amount], at, all) => ({
    key: `settlement/26031877011-GBP/${kind}/${at + 1}`, kind, reference: `AMZ-26031877011-${at + 1}`, on: '2026-11-14', party: kind === 'bill' ? 'Amazon EU S.à r.l.' : 'AMZUKSTD', amount: gbp(amount), rows: kind === 'payment' ? null : 120,
    state: 'confirmed', number, reason: null, ...(at + 1 === all.length ? last : {}),
  }));

const decided = {
  ...empty,
  clearing: { account: '1250', before: gbp(12_348), posted_before: gbp(0), change: gbp(-12_348), expected: gbp(-12_348), after: gbp(0) },
  waterfall: [
    { step: 'sales', amount: gbp(198_400) }, { step: 'refunds', amount: gbp(-12_600) }, { step: 'fees', amount: gbp(-64_692) },
    { step: 'reserve', amount: gbp(-10_000) }, { step: 'payout', amount: gbp(-123_456) },
  ],
  ledger: [
    { account: '1200', title: '1200 Bank', amount: gbp(123_456) }, { account: '1250', title: '1250 Amazon clearing', amount: gbp(-12_348) }, { account: '1255', title: '1255 Amazon reserve', amount: gbp(10_000) },
    { account: '4000', title: '4000 Sales', amount: gbp(-154_833) }, { account: '2200', title: '2200 VAT on sales', amount: gbp(-30_967) }, { account: '7600', title: '7600 Amazon fees', amount: gbp(64_692) },
  ],
  vat: [{ from: '2026-10-01', to: '2026-12-31', box1: gbp(30_967), box4: gbp(0), box6: gbp(154_833), box7: gbp(64_692) }],
};

export function settlements(): Detail[] {
  const item = { pair: 'main', subject: 'settlement/26031877033-GBP', path: null, amount: gbp(-425), opened_at: '2026-11-16T04:13:00Z', closed_at: null, closed_by: null, note: null };
  return [
    { ...empty, settlement: head('26031877044', 'received', { from: '2026-11-15T00:00:00Z', to: '2026-11-29T00:00:00Z', documents: null, in_suspense: null, clearing_after: null, explained: null }) },
    {
      ...decided, settlement: head('26031877033', 'review', { stage_reason: 'one document was refused', in_suspense: 1 }),
      documents: documents({ state: 'rejected', reason: 'the period to 30 November is locked' }), document_states: { confirmed: 5, rejected: 1 },
      tasks: [
        { code: 'unknown_row', in_suspense: true, subject: '', rows_of: ['other-transaction', 'FBA Mystery Fee', 'Mystery'], sum: gbp(-425), count: 2, line: 17, cause: 'Nobody knows what this row means, so its sum waits on suspense (2999).', next: 'Add a rule for it to the mapping, then try again.', high_priority: true, suggestions: ['FBA Inventory Storage Fee'] },
        { code: 'unlinked_refund', in_suspense: false, subject: '203-1111111-2222222', rows_of: null, sum: gbp(-1_260), count: 1, line: 201, cause: 'The sale of this refund is not known.', next: 'Confirm that it was sold before this integration began.', high_priority: false, suggestions: [] },
      ],
      problems: [{ weight: 'note', line: 3, what: 'The posted date has no time.', effect: 'It counts as midnight.', next: '' }],
      reviews: [{ ...item, id: 71, kind: 'break', code: 'reserve_broken', title: 'Reserve chain broken', reason: 'This settlement releases £4.25 less than the one before held back.', fix: 'Compare the reserve lines of both settlements.' }],
    },
    {
      ...empty, settlement: head('26031877022', 'quarantined', { source: 'upload', stage_reason: 'an amount cannot be read', documents: null, in_suspense: null, clearing_after: null, explained: null, from: '2026-10-18T00:00:00Z', to: '2026-11-01T00:00:00Z' }),
      problems: [{ weight: 'stops', line: 17, what: 'The amount “12,3.4” cannot be read.', effect: 'Nothing of the settlement is posted.', next: 'Accept the amount that makes it balance, or fetch the file again.' }],
      unreadable: [{ line: 17, would_balance: gbp(1_234), is_accepted: false }],
    },
    { ...decided, settlement: head('26031877011', 'posted', { from: '2026-10-04T00:00:00Z', to: '2026-10-18T00:00:00Z' }), documents: documents(), document_states: { confirmed: 6 } },
  ];
}

export function vat(all: Detail[]): Schemas['VatPreview'] {
  const period = { pair: 'main', from: '2026-10-01', to: '2026-12-31', box1: gbp(61_934), box4: gbp(0), box5: gbp(61_934), box6: gbp(309_666), box7: gbp(129_384), settlements: 2, unposted: 1 };
  const earlier = { ...period, from: '2026-07-01', to: '2026-09-30', settlements: 6, unposted: 0 };
  return { periods: [period, earlier], left_out: all.filter(({ vat }) => vat.length === 0).map(({ settlement }) => settlement) };
}
