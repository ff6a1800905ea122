/** Breaks by cause. */
import type { Money, Review } from '../api/client';

/** Breaks of one code. `title`, `fix` and `since` are those of the oldest. */
export type Cause = { code: string; title: string; fix: string; since: string; others: number; amounts: Money[]; unstated: number };

/** Groups by code, the oldest cause first. Amounts are added without their sign: what is too much and what is missing must not cancel. */
export function byCause(breaks: Review[]): Cause[] {
  const codes = [...new Set(breaks.map(({ code }) => code))];
  const causes = codes.map((code) => {
    const found = breaks.filter((item) => item.code === code).sort((one, other) => (one.opened_at < other.opened_at ? -1 : 1));
    const { title, fix, opened_at } = found[0]!;
    const stated = found.flatMap(({ amount }) => amount ?? []);
    return { code, title, fix, since: opened_at, others: found.length - 1, amounts: sums(stated), unstated: found.length - stated.length };
  });
  return causes.sort((one, other) => (one.since < other.since ? -1 : 1));
}

function sums(amounts: Money[]): Money[] {
  const total = new Map<string, Money>();
  for (const amount of amounts) {
    const known = total.get(amount.currency) ?? { ...amount, minor: 0 };
    total.set(amount.currency, { ...known, minor: known.minor + Math.abs(amount.minor) });
  }
  return [...total.values()];
}
