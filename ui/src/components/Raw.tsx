import { useState, type ReactNode } from 'react';
import styles from './Raw.module.css';

type RawProps = { label: string; data: unknown; open?: boolean; children?: ReactNode };

/** Something behind a heading that opens it: `children`, else the data as JSON, exactly as it was recorded. */
export function Raw({ label, data, open = false, children }: RawProps) {
  const [shown, setShown] = useState(open);
  return (
    <details className={styles.raw} open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>{label}</summary>
      {shown && (children ?? <pre tabIndex={0}>{JSON.stringify(data, null, 2)}</pre>)}
    </details>
  );
}
