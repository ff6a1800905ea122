import { Button, Skeleton } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { asApiError } from '../api/problem';
import { Prose } from './Prose';
import styles from './Panel.module.css';

/** The shape of what is coming. Appears after 150 ms, so that quick answers do not flicker. */
export function Loading({ rows = 3, height = 20 }: { rows?: number; height?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-busy="true">
      <span className="hidden-text">Loading</span>
      {late && Array.from({ length: rows }, (_, row) => <Skeleton key={row} height={height} mt={row > 0 ? 10 : 4} radius="sm" />)}
    </div>
  );
}

/** Nothing is here: why, and the one thing to do about it. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.state}>
      <p className="secondary">{children}</p>
      {action}
    </div>
  );
}

/** What failed, what it means, and the way on. */
export function Failed({ what, error, onRetry }: { what: string; error: unknown; onRetry?: () => void }) {
  const { title, message, fix, code, status } = asApiError(error);
  return (
    <div className={styles.state} role="alert">
      <h3>
        {what}: {lowerFirst(title)}
      </h3>
      <p><Prose text={message} /></p>
      <p><Prose text={fix} /></p>
      <p className="secondary">
        Code <code>{code}</code>
        {status > 0 && <>, status {status}</>}
      </p>
      {onRetry && (
        <Button size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
