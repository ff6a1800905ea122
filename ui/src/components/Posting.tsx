import { Link } from '@tanstack/react-router';
import type { Overview, ReviewKind } from '../api/client';
import { formatDuration } from '../lib/time';
import { count, grouped, said } from '../lib/words';
import { Amount } from './Amount';
import { Moment } from './Moment';
import styles from './Posting.module.css';

const KINDS: ReviewKind[] = ['review', 'break', 'dead_letter'];

/** What is not in the books yet, how quickly invoices get there, and what waits for a person. */
export function Posting({ overview }: { overview: Overview }) {
  const { value_unposted, oldest_unposted_at, latency_ms, open_items, lanes } = overview;
  return (
    <dl className={styles.facts}>
      <dt>Value not yet posted</dt>
      <dd className={styles.large}>
        {value_unposted.length === 0 ? 'None' : value_unposted.map((value) => <div key={value.currency}><Amount value={value} /></div>)}
      </dd>
      {oldest_unposted_at && (
        <>
          <dt>Oldest of it</dt>
          <dd>changed <Moment at={oldest_unposted_at} short /></dd>
        </>
      )}
      <dt>From ready to invoiced, today</dt>
      <dd>{latency(latency_ms)}</dd>
      <dt>Open items</dt>
      <dd>
        {KINDS.map((kind) => (
          <div key={kind}>
            <Link to="/review" search={{ kind }}>{said('kind', kind).label}: {grouped(open_items[kind])}</Link>
          </div>
        ))}
      </dd>
      <dt>Work</dt>
      <dd>{count(lanes.busy, 'order')} being worked on, {grouped(lanes.waiting)} waiting for their turn, {grouped(lanes.paused)} put aside</dd>
    </dl>
  );
}

function latency({ p50, p95, p99 }: Overview['latency_ms']): string {
  const known = (ms: number | null | undefined): ms is number => ms !== null && ms !== undefined;
  if (!known(p50) || !known(p95) || !known(p99)) return 'No order was invoiced today.';
  return `half within ${formatDuration(p50)}, 95 % within ${formatDuration(p95)}, 99 % within ${formatDuration(p99)}`;
}
