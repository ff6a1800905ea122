import { IconBrandAmazon, IconFileInvoice, IconMessageQuestion, IconReceipt, IconRoute } from '@tabler/icons-react';
import type { Entry } from '../api/client';
import { formatDuration } from '../lib/time';
import type { Vocabulary } from '../lib/words';
import { Badge } from './Badge';
import { Moment } from './Moment';
import { Prose } from './Prose';
import { EntryData } from './EntryData';
import styles from './Timeline.module.css';

const ICONS = { fact: IconBrandAmazon, run: IconRoute, review: IconMessageQuestion, intent: IconFileInvoice, receipt: IconReceipt };
const VOCABULARIES: Record<Entry['kind'], Vocabulary> = { fact: 'item', run: 'outcome', review: 'item', intent: 'document', receipt: 'document' };

/** Everything that happened to an order, the oldest first. Each entry opens to show what was recorded. */
export function Timeline({ entries }: { entries: Entry[] }) {
  return (
    <ol className={styles.timeline}>
      {entries.map((entry, index) => (
        <TimelineEntry key={`${entry.kind} ${entry.at} ${index}`} entry={entry} before={entries[index - 1]} entries={entries} />
      ))}
    </ol>
  );
}

type TimelineEntryProps = { entry: Entry; before: Entry | undefined; entries: Entry[] };

function TimelineEntry({ entry, before, entries }: TimelineEntryProps) {
  const Icon = ICONS[entry.kind] ?? IconMessageQuestion;
  const gap = before && Date.parse(entry.at) - Date.parse(before.at);
  return (
    <li className={styles.entry}>
      <span className={styles.mark}>
        <Icon size={18} aria-hidden />
      </span>
      <div>
        <div className={styles.head}>
          <h3>{entry.title}</h3>
          {entry.state && <Badge of={VOCABULARIES[entry.kind] ?? 'item'} word={entry.state} />}
        </div>
        <span className={styles.when}>
          <Moment at={entry.at} />
          {gap !== undefined && gap > 0 && <>, {formatDuration(gap)} later</>}
        </span>
        <p><Prose text={entry.detail} /></p>
        <EntryData entry={entry} entries={entries} />
      </div>
    </li>
  );
}
