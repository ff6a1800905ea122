import { expect, test } from 'vitest';
import type { SettlementDetail } from '../api/client';
import { bars, canRetry, figures, progress, settlementOf, settlementStanding, statesInWords, stepName } from './settlement';

const gbp = (minor: number) => ({ minor, currency: 'GBP', decimals: 2 });
const clearing = { account: '1250', before: gbp(0), posted_before: gbp(0), change: gbp(0), expected: gbp(0), after: gbp(0) };
const posted: SettlementDetail = {
  settlement: {
    pair: 'main', id: 'S1', currency: 'GBP', source: 'marketplace', from: null, to: null, deposit_on: null, total: gbp(123_456), rows: 12, stage: 'posted', stage_reason: null,
    mode: 'settlement', documents: 2, in_suspense: 0, clearing_after: gbp(0), explained: true, first_seen_at: '2026-11-16T04:12:00Z', posted_at: '2026-11-16T04:13:00Z',
  },
  format: 'v2', clearing, waterfall: [], documents: [], document_states: { confirmed: 2 }, ledger: [], tasks: [], problems: [], unreadable: [], vat: [], reviews: [], unread: [],
};
const at = (stage: SettlementDetail['settlement']['stage'], part: Partial<SettlementDetail['settlement']> = {}, rest: Partial<SettlementDetail> = {}) =>
  ({ ...posted, ...rest, settlement: { ...posted.settlement, stage, ...part } });

test('a settlement in the books says that its payout reconciles', () => {
  expect(settlementStanding(posted)).toEqual({ tone: 'good', lead: 'Payout £1,234.56 reconciles to £0.00.', more: 'Everything it wants is in the books.', next: null });
});

test('what is not in the books yet does not reconcile yet', () => {
  expect(figures(at('posting'))).toBe('Payout £1,234.56 will reconcile to £0.00.');
});

test('nothing is said to reconcile that is not explained, or of which that is not known', () => {
  expect(figures(at('posted', { explained: false }))).toBe('Payout £1,234.56, and not every penny of it is explained.');
  expect(figures(at('posted', { explained: null }))).toContain('is not known');
  expect(figures(at('posted', {}, { clearing: null }))).toContain('is not known');
  expect(figures(at('posted', {}, { clearing: { ...clearing, change: gbp(-100) } }))).toBe('Payout £1,234.56, and −£1.00 of what the documents move on clearing is not explained.');
  expect(settlementStanding(at('posted', { explained: false })).tone).toBe('bad');
});

test('a settlement below zero is a debt that stays on clearing', () => {
  expect(figures(at('posted', { total: gbp(-5_449) }, { clearing: { ...clearing, change: gbp(-5_449), expected: gbp(-5_449), after: gbp(-5_449) } }))).toBe(
    'A debt of £54.49 to Amazon reconciles: −£54.49 stays on the clearing account, and every penny of it is explained.',
  );
});

test('a settlement that was kept back says why and what to do', () => {
  const unreadable = [{ line: 17, would_balance: gbp(1), is_accepted: false }];
  expect(settlementStanding(at('quarantined', { stage_reason: 'an amount cannot be read' }, { unreadable }))).toEqual({
    tone: 'bad', lead: 'Nothing of this settlement is posted.', more: 'An amount cannot be read.', next: 'Look at 1 unreadable amount below.',
  });
  const problems = [{ weight: 'stops', line: 17, what: 'w', effect: 'e', next: 'Fetch the file again.' }];
  expect(settlementStanding(at('quarantined', {}, { problems })).next).toBe('Fetch the file again.');
});

test('documents are counted in words', () => {
  expect(progress({ document_states: { confirmed: 1, sent: 2 } })).toBe('1 of 3 documents is in the books; the others are on their way.');
  expect(progress({ document_states: {} })).toBe('Its documents are being prepared.');
  expect(statesInWords({ confirmed: 1, undecided: 1 })).toBe('2 documents: 1 in the books, 1 not decided.');
});

test('bars lead from the balance before to the balance after', () => {
  const steps = [{ step: 'sales', amount: gbp(1_000) }, { step: 'payout', amount: gbp(-900) }];
  const shown = bars(steps, { ...clearing, before: gbp(-60), posted_before: gbp(-40), after: gbp(0) });
  expect(shown.bars.map(({ name, from, to }) => [name, from, to])).toEqual([['On clearing before', 0, -100], ['Sales', -100, 900], ['Payout to your bank', 900, 0], ['On clearing after', 0, 0]]);
  expect(shown.missing).toBeNull();
});

test('a penny that is in no step shows', () => {
  const steps = [{ step: 'sales', amount: gbp(1_000) }];
  expect(bars(steps, { ...clearing, after: gbp(1_001) }).missing).toEqual(gbp(1));
});

test('a step or a stage that this console does not know is shown as it came', () => {
  expect([stepName('fees'), stepName('levy'), stepName('constructor')]).toEqual(['Amazon’s fees', 'levy', 'constructor']);
  expect(settlementStanding(at('teleported' as 'posted')).lead).toBe('Unknown: teleported');
});

test('an item about a settlement leads to it, whatever is in its id', () => {
  expect(settlementOf('settlement/26031877011-GBP')).toEqual({ id: '26031877011', currency: 'GBP' });
  expect(settlementOf('settlement/a-b/c-EUR')).toEqual({ id: 'a-b/c', currency: 'EUR' });
  expect([settlementOf('203-1111111-2222222'), settlementOf('settlement/1')]).toEqual([null, null]);
});

test('trying again is offered only where it could change something', () => {
  expect([posted, at('received'), at('posting')].map(canRetry)).toEqual([false, false, false]);
  expect([at('quarantined'), at('review'), at('posting', {}, { document_states: { rejected: 1 } })].map(canRetry)).toEqual([true, true, true]);
});
