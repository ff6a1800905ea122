import { expect, test } from 'vitest';
import type { Overview } from '../api/client';
import { standing } from './verdict';

const ready = (system: 'amazon' | 'kashflow') => ({ pair: 'main', system, state: 'ready' as const, code: null, reason: null, fix: null, changed_at: '2026-11-23T08:00:00Z' });
const calm: Overview = {
  day: '2026-11-23',
  orders: { in: 10, invoiced: 8, invoicing: 0, waiting: 2, nothing_to_do: 0, review: 0, failed: 0 },
  value_unposted: [], oldest_unposted_at: null, latency_ms: { p50: 800, p95: 1200, p99: 1500 }, throughput: [],
  open_items: { review: 0, break: 0, dead_letter: 0 }, lanes: { waiting: 0, busy: 0, paused: 0 },
  connections: [ready('amazon'), ready('kashflow')], event_id: 1,
};

test('a calm day says that nothing is missing and nothing needs the reader', () => {
  expect(standing(calm)).toEqual({ tone: 'good', lead: 'Everything is where it should be.', more: 'Nothing that is due is missing from the books. Nothing needs you.' });
});

test('value that is not posted is told per currency', () => {
  const value_unposted = [{ minor: 12450, currency: 'GBP', decimals: 2 }, { minor: 900, currency: 'EUR', decimals: 2 }];
  expect(standing({ ...calm, value_unposted })).toMatchObject({ tone: 'moving', more: '£124.50 and €9.00 are not in the books yet. Nothing needs you.' });
});

test('open items of every kind count together and lead to the review page', () => {
  expect(standing({ ...calm, open_items: { review: 1, break: 1, dead_letter: 1 } })).toMatchObject({ tone: 'person', lead: '3 items need you.', act: 'review' });
  expect(standing({ ...calm, open_items: { review: 1, break: 0, dead_letter: 0 } }).lead).toBe('1 item needs you.');
});

test('a paused connection comes before everything else', () => {
  const connections = [ready('amazon'), { ...ready('kashflow'), state: 'paused' as const }];
  expect(standing({ ...calm, connections, open_items: { review: 4, break: 0, dead_letter: 0 } })).toMatchObject({ lead: 'The connection to KashFlow is paused.', act: 'connections' });
});

test('without connections the first step is named', () => {
  expect(standing({ ...calm, connections: [] }).lead).toBe('Nothing is connected yet.');
});
