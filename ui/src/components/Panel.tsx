import { useId, type ReactNode } from 'react';
import { StaleBadge } from './StaleBadge';
import styles from './Panel.module.css';

type PanelProps = { title: string; actions?: ReactNode; live?: boolean; children: ReactNode };

/** A titled part of a page. `live` panels say so when what they show may be old. */
export function Panel({ title, actions, live = false, children }: PanelProps) {
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        {live && <StaleBadge />}
        {actions}
      </div>
      <div className={styles.body}>{children}</div>
    </section>
  );
}
