import { expect, test } from 'vitest';
import { summary } from './Throughput';

const minutes = (counts: number[]) => counts.map((invoiced, minute) => ({ minute, invoiced }));

test('the chart is told in words', () => {
  expect(summary(minutes([...Array<number>(48).fill(0), 7, 0, ...Array<number>(9).fill(0), 5]))).toBe(
    '12 invoices confirmed in the last hour, 5 of them in the last 10 minutes; at most 7 in a minute.',
  );
});

test('an hour without invoices says so', () => {
  expect(summary(minutes([0, 0]))).toBe('No invoice was confirmed in the last hour.');
});
