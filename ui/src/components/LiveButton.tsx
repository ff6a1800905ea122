import { IconCircleDotted, IconCircleFilled, IconPlayerPauseFilled, IconPlugConnectedX } from '@tabler/icons-react';
import { useLiveState } from '../lib/use-live';
import styles from './LiveButton.module.css';

const LOOKS = {
  connecting: { label: 'Connecting', Icon: IconCircleDotted },
  live: { label: 'Live', Icon: IconCircleFilled },
  stale: { label: 'Not live', Icon: IconPlugConnectedX },
  paused: { label: 'Paused', Icon: IconPlayerPauseFilled },
};

/** Whether the page follows what happens; pressed, it stands still or goes on. */
export function LiveButton({ onToggle }: { onToggle: () => void }) {
  const { status } = useLiveState();
  const { label, Icon } = LOOKS[status];
  const does = status === 'paused' ? 'resume live updates' : 'pause live updates';
  return (
    <button type="button" className={styles.live} data-status={status} onClick={onToggle} title={`${does} (p)`} aria-label={`${label}: ${does}`}>
      <Icon size={12} aria-hidden />
      {label}
    </button>
  );
}
