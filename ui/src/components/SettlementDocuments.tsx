import type { SettlementDetail, SettlementDocument } from '../api/client';
import { documentName, statesInWords } from '../lib/settlement';
import { formatDate } from '../lib/time';
import { sentence } from '../lib/words';
import { Amount } from './Amount';
import { Badge } from './Badge';
import { LongTable, type Column } from './LongTable';
import { PlainTable } from './PlainTable';
import { Prose } from './Prose';
import { Empty } from './States';

/** Rows from which only those in view are in the page. */
const MANY = 60;
const LABEL = 'Documents of this settlement';

const COLUMNS: Column<SettlementDocument>[] = [
  { name: 'Document', width: '13rem', cell: ({ kind, number }) => `${documentName(kind)}${number == null ? '' : ` ${number}`}` },
  { name: 'State', width: '9.5rem', cell: ({ state }) => <Badge of="document" word={state ?? 'undecided'} /> },
  { name: 'Amount', width: '7.5rem', number: true, cell: ({ amount }) => <Amount value={amount} /> },
  { name: 'Date', width: '7.5rem', from: 'medium', cell: ({ on }) => (on ? formatDate(on) : '') },
  { name: 'Reference', from: 'medium', cell: ({ reference }) => reference ?? '' },
  { name: 'With', from: 'wide', cell: ({ party }) => party ?? '' },
  { name: 'Rows', width: '4.5rem', number: true, from: 'wide', cell: ({ rows }) => rows ?? '' },
];

type SettlementDocumentsProps = Pick<SettlementDetail, 'documents' | 'document_states'>;

/** What the settlement becomes in the books, and how far each document is. What is refused says why. */
export function SettlementDocuments({ documents, document_states }: SettlementDocumentsProps) {
  if (documents.length === 0) return <Empty>No document is decided. They appear here once the settlement is decided.</Empty>;
  const stuck = documents.filter(({ state, reason }) => reason && (state === 'conflict' || state === 'rejected'));
  const all = Object.values(document_states).reduce((sum, part) => sum + part, 0);
  return (
    <>
      <p className="secondary">{statesInWords(document_states)}{all > documents.length && ` Shown are ${documents.length}, those that are not in the books first.`}</p>
      {stuck.length > 0 && (
        <ul>
          {stuck.map(({ key, kind, reference, reason }) => (
            <li key={key}><strong>{documentName(kind)} {reference}</strong>: <Prose text={sentence(reason ?? '')} /></li>
          ))}
        </ul>
      )}
      {documents.length > MANY
        ? <LongTable label={LABEL} columns={COLUMNS} rows={documents} rowKey={({ key }) => key} hasMore={false} loadMore={nothing} />
        : <PlainTable label={LABEL} columns={COLUMNS} rows={documents} rowKey={({ key }) => key} />}
    </>
  );
}

const nothing = () => {};
