import { Link } from '@tanstack/react-router';
import type { Overview, Stage } from '../api/client';
import { grouped, said } from '../lib/words';
import styles from './Figures.module.css';

type DayFiguresProps = { day: string; orders: Overview['orders'] };

const SHOWN: Stage[] = ['invoiced', 'invoicing', 'waiting', 'nothing_to_do', 'review', 'failed'];

/** Orders placed on a day, by stage. Each figure leads to exactly the orders it counts. */
export function DayFigures({ day, orders }: DayFiguresProps) {
  return (
    <ul className={styles.figures}>
      <li>
        <Link to="/orders" search={{ from: day, to: day }} className={styles.figure}>
          <span className={styles.label}>Orders in</span>
          <span className={styles.value}>{grouped(orders.in)}</span>
        </Link>
      </li>
      {SHOWN.map((stage) => {
        const { label, tone } = said('stage', stage);
        // A figure of zero asks nothing of the reader, so it carries no colour.
        const look = orders[stage] > 0 ? styles[tone] ?? '' : '';
        return (
          <li key={stage}>
            <Link to="/orders" search={{ from: day, to: day, stage }} className={`${styles.figure} ${look}`}>
              <span className={styles.label}>{label}</span>
              <span className={styles.value}>{grouped(orders[stage])}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
