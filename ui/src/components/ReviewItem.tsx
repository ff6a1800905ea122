import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Review } from '../api/client';
import { settlementOf } from '../lib/settlement';
import { formatDuration } from '../lib/time';
import { Amount } from './Amount';
import { Badge } from './Badge';
import { CloseItem } from './CloseItem';
import { Moment } from './Moment';
import { Prose } from './Prose';
import styles from './ReviewItem.module.css';

/** One item for a person: what happened, what it means, what to do. */
export function ReviewItem({ item }: { item: Review }) {
  const { id, kind, title, reason, fix, path, amount, opened_at, closed_at, closed_by, note, code } = item;
  const [closing, setClosing] = useState(false);
  return (
    <article className={styles.item} aria-labelledby={`item-${id}`}>
      <div className={styles.head}>
        <h2 id={`item-${id}`} tabIndex={-1} data-row>{title}</h2>
        <Badge of="kind" word={kind} />
        {closed_at && <Badge of="item" word="closed" />}
        {amount && <span className={styles.amount}><Amount value={amount} /></span>}
      </div>
      <p><Prose text={reason} /></p>
      {!closed_at && <p><strong>What to do:</strong> <Prose text={fix} /></p>}
      {path && <p className="secondary">The value is at <code>{path}</code>.</p>}
      <p className="secondary">
        Open since <Moment at={opened_at} />{!closed_at && <>, for {formatDuration(Date.now() - Date.parse(opened_at))}</>}. Code <code>{code}</code>.
        {closed_at && <> Closed <Moment at={closed_at} /> by {closed_by ?? 'nobody known'}{note ? `: ${note}` : '.'}</>}
      </p>
      <div className={styles.acts}>
        <Subject item={item} />
        {!closed_at && !closing && <Button size="xs" variant="default" onClick={() => setClosing(true)}>Close this item</Button>}
      </div>
      {closing && !closed_at && <CloseItem id={id} onCancel={() => setClosing(false)} />}
    </article>
  );
}

/** What the item is about: a link if it is an order, a settlement or a connection. */
function Subject({ item: { pair, subject } }: { item: Review }) {
  if (/^[A-Z0-9]{3}-\d{7}-\d{7}$/.test(subject)) {
    return <Link to="/orders/$pair/$orderId" params={{ pair, orderId: subject }}>Open order {subject}</Link>;
  }
  const settlement = settlementOf(subject);
  if (settlement) return <Link to="/settlements/$pair/$currency/$id" params={{ pair, ...settlement }}>Open settlement {settlement.id}</Link>;
  if (subject.startsWith('connection/')) return <Link to="/" hash="connections">Go to the connections</Link>;
  return <span className="secondary">About <code>{subject}</code></span>;
}
