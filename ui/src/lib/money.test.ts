import { expect, test } from 'vitest';
import { amountText, formatAmount } from './money';

test('minor units become grouped digits with the decimals of their currency', () => {
  expect(formatAmount({ minor: 123456, currency: 'GBP', decimals: 2 })).toBe('£1,234.56');
  expect(formatAmount({ minor: 5, currency: 'EUR', decimals: 2 })).toBe('€0.05');
  expect(formatAmount({ minor: 1200, currency: 'JPY', decimals: 0 })).toBe('¥1,200');
  expect(formatAmount({ minor: 100_000_000_00, currency: 'PLN', decimals: 2 })).toBe('PLN\u00a0100,000,000.00');
});

test('a credit carries a minus sign, zero does not', () => {
  expect(formatAmount({ minor: -1, currency: 'GBP', decimals: 2 })).toBe('\u2212£0.01');
  expect(formatAmount({ minor: 0, currency: 'GBP', decimals: 2 })).toBe('£0.00');
});

test('the decimals are those of the currency when the amount does not say', () => {
  expect(formatAmount({ minor: 1200, currency: 'JPY' })).toBe('¥1,200');
  expect(formatAmount({ minor: 1200, currency: 'SEK' })).toBe('SEK\u00a012.00');
});

test('the largest exact amount keeps every digit', () => {
  expect(formatAmount({ minor: Number.MAX_SAFE_INTEGER, currency: 'GBP', decimals: 2 })).toBe('£90,071,992,547,409.91');
});

test('what is not whole minor units is refused rather than rounded', () => {
  expect(() => formatAmount({ minor: 12.5, currency: 'GBP', decimals: 2 })).toThrow('not an amount');
});

test('an amount to edit is its digits, whatever the currency', () => {
  expect([amountText({ minor: -123_456, currency: 'GBP' }), amountText({ minor: 5, currency: 'GBP' }), amountText({ minor: 700, currency: 'JPY' })]).toEqual(['-1234.56', '0.05', '700']);
});
