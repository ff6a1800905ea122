import { expect, test } from 'vitest';
import { asDay, dayAfter, formatDate, formatDay, formatDuration, formatMoment, formatShort, startOfDay, formatDays, formatPeriod } from './time';

test('a moment is told in the time of London, with its zone, in winter and in summer', () => {
  expect(formatMoment('2026-11-23T09:30:05Z')).toBe('23 Nov 2026, 09:30:05 GMT');
  expect(formatMoment('2026-07-01T23:30:00Z')).toBe('2 Jul 2026, 00:30:00 BST');
  expect(formatShort('2026-07-01T23:30:00Z')).toBe('2 Jul, 00:30 BST');
});

test('a day is a day wherever the reader sits', () => {
  expect(formatDay('2026-11-23')).toBe('Monday 23 November 2026');
  expect([formatDate('2026-11-03'), formatDate('soon')]).toEqual(['3 Nov 2026', 'soon']);
  expect(dayAfter('2026-12-31')).toBe('2027-01-01');
});

test('a day begins at midnight in London, which in summer is an hour before UTC', () => {
  expect(startOfDay('2026-07-01')).toBe('2026-06-30T23:00:00.000Z');
  expect(startOfDay('2026-11-23')).toBe('2026-11-23T00:00:00.000Z');
  expect(startOfDay('2026-10-25')).toBe('2026-10-24T23:00:00.000Z');
});

test('what is not a day is no day', () => {
  expect(asDay('2026-11-23')).toBe('2026-11-23');
  expect([asDay('2026-02-30'), asDay('yesterday'), asDay(20261123), asDay(undefined)]).toEqual([undefined, undefined, undefined, undefined]);
});

test('durations are as exact as a reader needs them', () => {
  expect([0, 420, 1_500, 42_000, 125_000, 7_500_000, 300_000_000].map(formatDuration)).toEqual([
    'less than a millisecond', '420 ms', '1.5 s', '42 s', '2 min 05 s', '2 h 05 min', '3 days',
  ]);
});

test('a time that cannot be read is an error, not 1970', () => {
  expect(() => formatMoment('soon')).toThrow('not a time');
});

test('a period is told as days in the United Kingdom, and what is missing of it is not made up', () => {
  const plain = (text: string) => text.replaceAll('\u2009', ' ');
  expect(plain(formatPeriod('2026-06-30T23:00:00Z', '2026-07-14T22:59:59Z'))).toBe('1 – 14 Jul 2026');
  expect(plain(formatPeriod('2026-10-18T00:00:00Z', '2026-11-01T00:00:00Z'))).toBe('18 Oct – 1 Nov 2026');
  expect([formatPeriod(null, '2026-11-01T00:00:00Z'), formatPeriod(null, null)]).toEqual(['to 1 Nov 2026', 'not stated']);
  expect([plain(formatDays('2026-10-01', '2026-12-31')), formatDays('Q4', '?')]).toEqual(['1 Oct – 31 Dec 2026', 'Q4 to ?']);
});
