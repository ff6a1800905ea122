import { useEffect, type ReactNode } from 'react';
import styles from './Shell.module.css';

type PageProps = { title: string; heading?: ReactNode; aside?: ReactNode; children: ReactNode };

/** A page: its title in the tab and as heading, then its parts. */
export function Page({ title, heading, aside, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Tillbridge`;
  }, [title]);
  return (
    <div className={styles.page}>
      <div className={styles.title}>
        <h1>{heading ?? title}</h1>
        {aside}
      </div>
      {children}
    </div>
  );
}
