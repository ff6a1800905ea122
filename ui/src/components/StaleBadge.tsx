import { IconClockPause } from '@tabler/icons-react';
import { useLiveState } from '../lib/use-live';
import { formatShort } from '../lib/time';
import styles from './Panel.module.css';

/** Says since when the page is not live any more; nothing while it is. */
export function StaleBadge() {
  const { status, since } = useLiveState();
  if (status !== 'stale' && status !== 'paused') return null;
  const at = formatShort(new Date(since).toISOString());
  return (
    <span className={styles.stale}>
      <IconClockPause size={15} aria-hidden />
      {status === 'stale' ? `Not live since ${at}` : `Paused by you at ${at}`}
    </span>
  );
}
