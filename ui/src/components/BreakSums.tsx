import type { Review } from '../api/client';
import { byCause, type Cause } from '../lib/breaks';
import { formatDuration } from '../lib/time';
import { grouped, sentence } from '../lib/words';
import { Amount } from './Amount';
import { Panel } from './Panel';
import { PlainTable } from './PlainTable';
import { Prose } from './Prose';
import styles from './DocumentTable.module.css';

/** Open breaks by cause: how many, what they are about in money, since when, and the next action. */
export function BreakSums({ breaks }: { breaks: Review[] }) {
  if (breaks.length === 0) return null;
  const now = Date.now();
  return (
    <Panel title="By cause" live>
      <PlainTable
        label="Breaks by cause"
        columns={[
          { name: 'Cause', cell: ({ code, title, others }: Cause) => <>{title}{others > 0 && ` and ${grouped(others)} more`} <span className="secondary">({code})</span></> },
          { name: 'Breaks', number: true, cell: ({ others }) => grouped(others + 1) },
          { name: 'In question', number: true, cell: ({ amounts, unstated }) => <InQuestion amounts={amounts} unstated={unstated} /> },
          { name: 'Oldest', cell: ({ since }) => <span className={styles.whole}>{formatDuration(now - Date.parse(since))}</span> },
          { name: 'Next action', cell: ({ fix }) => <Prose text={sentence(fix)} /> },
        ]}
        rows={byCause(breaks)}
        rowKey={({ code }) => code}
      />
    </Panel>
  );
}

function InQuestion({ amounts, unstated }: Pick<Cause, 'amounts' | 'unstated'>) {
  return (
    <>
      {amounts.map((amount) => <div key={amount.currency}><Amount value={amount} /></div>)}
      {unstated > 0 && <div className="secondary">{grouped(unstated)} without amount</div>}
    </>
  );
}
