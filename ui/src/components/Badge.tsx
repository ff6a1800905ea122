import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconClock, IconHelpCircle, IconProgress } from '@tabler/icons-react';
import { said, type Tone, type Vocabulary } from '../lib/words';
import styles from './Badge.module.css';

type BadgeProps = { of: Vocabulary; word: string };

const ICONS: Record<Tone, typeof IconClock> = {
  good: IconCircleCheck,
  moving: IconProgress,
  wait: IconClock,
  person: IconAlertTriangle,
  bad: IconCircleX,
  unknown: IconHelpCircle,
};

/** A state as icon, text and colour, so that none of them is needed alone. */
export function Badge({ of, word }: BadgeProps) {
  const { label, tone } = said(of, word);
  const Icon = ICONS[tone];
  return (
    <span className={`${styles.badge} ${styles[tone === 'unknown' ? 'person' : tone]}`}>
      <Icon size={14} aria-hidden />
      {label}
    </span>
  );
}
