import { lazy, Suspense } from 'react';
import type { Overview } from '../api/client';
import { count } from '../lib/words';
import { Raw } from './Raw';
import styles from './Throughput.module.css';

const Plot = lazy(() => import('./ThroughputPlot'));
type Minute = Overview['throughput'][number];

/** Invoices of the last hour, in words first, then as a picture and as a table. */
export function Throughput({ minutes }: { minutes: Minute[] }) {
  return (
    <>
      <p>{summary(minutes)}</p>
      <div className={styles.chart} aria-hidden>
        <Suspense fallback={null}>
          <Plot counts={minutes.map(({ invoiced }) => invoiced)} />
        </Suspense>
      </div>
      <Raw label="The figures as a table" data={minutes}>
        <div className={styles.table} tabIndex={0} role="region" aria-label="Invoices by minute">
          <table>
            <thead>
              <tr>
                <th scope="col">Minutes ago</th>
                <th scope="col">Invoices confirmed</th>
              </tr>
            </thead>
            <tbody>
              {minutes.map(({ minute, invoiced }) => (
                <tr key={minute}>
                  <th scope="row">{minutes.length - minute}</th>
                  <td className="tabular">{invoiced}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Raw>
    </>
  );
}

/** `12 invoices confirmed in the last hour, 5 of them in the last 10 minutes; at most 3 in a minute.` */
export function summary(minutes: Minute[]): string {
  const sum = (part: Minute[]) => part.reduce((total, { invoiced }) => total + invoiced, 0);
  const total = sum(minutes);
  if (total === 0) return 'No invoice was confirmed in the last hour.';
  const most = minutes.reduce((max, { invoiced }) => Math.max(max, invoiced), 0);
  return `${count(total, 'invoice')} confirmed in the last hour, ${sum(minutes.slice(-10))} of them in the last 10 minutes; at most ${most} in a minute.`;
}
