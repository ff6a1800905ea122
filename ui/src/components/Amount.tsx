import { formatAmount, type Minor } from '../lib/money';

type AmountProps = { value: Minor | null | undefined };

/** The one way to show money: minor units in, tabular figures out. An amount nobody has stated is said to be unknown. */
export function Amount({ value }: AmountProps) {
  if (!value) return <span className="secondary">not stated</span>;
  return <span className="tabular">{formatAmount(value)}</span>;
}
