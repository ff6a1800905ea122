import { expect, test } from 'vitest';
import type { Review } from '../api/client';
import { byCause } from './breaks';

const item = (id: number, code: string, day: number, minor: number | null, currency = 'GBP'): Review => ({
  id, pair: 'main', subject: `s${id}`, code, kind: 'break', title: `title ${id}`, reason: 'r', fix: `fix ${id}`, path: null, amount: minor === null ? null : { minor, currency, decimals: 2 },
  opened_at: `2026-11-${day}T08:00:00Z`, closed_at: null, closed_by: null, note: null,
});

test('breaks are added up by cause, the oldest cause first, each with the next action of its oldest', () => {
  const causes = byCause([item(1, 'changed', 20, 100), item(2, 'missing', 18, 50), item(3, 'changed', 19, 200)]);
  expect(causes.map(({ code, title, fix, since, others }) => [code, title, fix, since, others])).toEqual([
    ['missing', 'title 2', 'fix 2', '2026-11-18T08:00:00Z', 0],
    ['changed', 'title 3', 'fix 3', '2026-11-19T08:00:00Z', 1],
  ]);
});

test('too much and too little do not cancel, currencies are never mixed, and what has no amount is counted', () => {
  const [cause] = byCause([item(1, 'c', 20, 100), item(2, 'c', 20, -100), item(3, 'c', 20, 5, 'EUR'), item(4, 'c', 20, null)]);
  expect(cause?.amounts).toEqual([{ minor: 200, currency: 'GBP', decimals: 2 }, { minor: 5, currency: 'EUR', decimals: 2 }]);
  expect(cause?.unstated).toBe(1);
});
