import { useEffect, type ReactNode } from 'react';
import styles from './Door.module.css';

type DoorProps = { title: string; children: ReactNode };

/** The frame of pages that are shown before somebody is signed in. */
export function Door({ title, children }: DoorProps) {
  useEffect(() => {
    document.title = `${title} · Tillbridge`;
  }, [title]);
  return (
    <main className={styles.door}>
      <div className={styles.card}>
        <p className={styles.brand}>
          <img src="/favicon.svg" alt="" width={28} height={28} /> Tillbridge
        </p>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
