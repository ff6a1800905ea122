import type { ReactNode } from 'react';
import type { Tone } from '../lib/words';
import styles from './Verdict.module.css';

type VerdictProps = { tone: Tone; lead: ReactNode; children?: ReactNode; action?: ReactNode };

/** The page in one sentence, what it means, and the one next action. */
export function Verdict({ tone, lead, children, action }: VerdictProps) {
  return (
    <div className={`${styles.verdict} ${styles[tone === 'unknown' ? 'person' : tone] ?? ''}`}>
      <div>
        <p>
          <strong>{lead}</strong>
        </p>
        {children && <p>{children}</p>}
      </div>
      {action}
    </div>
  );
}
