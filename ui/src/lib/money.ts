/**
 * Amounts as text. Digits are moved as text, never divided: an amount must not pass through a binary fraction.
 */

/** Whole minor units of a currency. `decimals` says how many digits stand after the point. */
export type Minor = { minor: number; currency: string; decimals?: number };

const SYMBOLS: Record<string, string> = { GBP: '£', EUR: '€', USD: '$', JPY: '¥' };

/** `£1,234.56`, `−€0.05`, `PLN 12.00`. */
export function formatAmount({ minor, currency, decimals = decimalsOf(currency) }: Minor): string {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`not an amount in minor units: ${minor}`);
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const split = digits.length - decimals;
  const whole = digits.slice(0, split).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = decimals > 0 ? `.${digits.slice(split)}` : '';
  const symbol = SYMBOLS[currency] ?? `${currency}\u00a0`;
  return `${minor < 0 ? '\u2212' : ''}${symbol}${whole}${fraction}`;
}

/** Digits after the point of an ISO 4217 currency, for amounts that come without them (drafts, receipts). */
function decimalsOf(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en-GB', { style: 'currency', currency }).resolvedOptions();
  if (maximumFractionDigits === undefined) throw new RangeError(`unknown currency: ${currency}`);
  return maximumFractionDigits;
}

/** `-1234.56`: the digits alone, for a field that a person edits. */
export function amountText({ minor, currency, decimals = decimalsOf(currency) }: Minor): string {
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const split = digits.length - decimals;
  return `${minor < 0 ? '-' : ''}${digits.slice(0, split)}${decimals > 0 ? `.${digits.slice(split)}` : ''}`;
}
