import type { Entry } from '../api/client';
import { differences, readDraft, readReceipt, type BookDocument } from '../lib/documents';
import { DocumentTable } from './DocumentTable';
import { Moment } from './Moment';
import { Prose } from './Prose';
import { Raw } from './Raw';
import { readTrace, Trace } from './Trace';
import styles from './Timeline.module.css';

type EntryDataProps = { entry: Entry; entries: Entry[] };

/** What was recorded with an entry: first as a person reads it, then word for word. */
export function EntryData({ entry: { kind, data }, entries }: EntryDataProps) {
  if (data === null || data === undefined) return null;
  switch (kind) {
    case 'fact':
      return <Raw label="What Amazon said, word for word" data={data} />;
    case 'run': {
      const steps = readTrace(data);
      return <Raw label="How it was decided, step by step" data={data}>{steps && <Trace steps={steps} />}</Raw>;
    }
    case 'intent':
      return <DraftData data={data} />;
    case 'receipt':
      return <ReceiptData data={data} entries={entries} />;
    case 'review':
      return <ReviewData data={data} />;
    default:
      return <Raw label="What was recorded" data={data} />;
  }
}

function DraftData({ data }: { data: unknown }) {
  const draft = readDraft(data);
  return (
    <>
      {draft && <Raw label="The mapped draft" data={data} open><DocumentTable document={draft} caption="The mapped draft" /></Raw>}
      <Raw label={draft ? 'The draft word for word' : 'What was decided, word for word'} data={data} />
    </>
  );
}

function ReceiptData({ data, entries }: { data: unknown; entries: Entry[] }) {
  const receipt = readReceipt(data);
  return (
    <>
      {receipt && <p className={styles.note}>{verdict(receipt, entries)}</p>}
      {receipt && <Raw label="The receipt" data={data}><DocumentTable document={receipt} caption="The receipt, as the books hold it" /></Raw>}
      <Raw label="The receipt word for word" data={data} />
    </>
  );
}

/** Compares the receipt with the draft of the same reference that came last before it. */
function verdict(receipt: BookDocument, entries: Entry[]): string {
  const drafts = entries.filter((entry) => entry.kind === 'intent').map((entry) => readDraft(entry.data));
  const same = (draft: BookDocument | null) => draft?.reference.trim().toLowerCase() === receipt.reference.trim().toLowerCase();
  const draft = drafts.filter(same).at(-1);
  if (!draft) return 'There is no draft with this reference to compare it with.';
  const found = differences(draft, receipt);
  if (found.length === 0) return 'Reference, customer, date, net, VAT and accounts are as in the draft.';
  return `The books differ from the draft in ${found.join(', ')}.`;
}

function ReviewData({ data }: { data: unknown }) {
  const item = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  const words = (key: string) => (typeof item[key] === 'string' ? (item[key] as string) : null);
  const fix = words('fix');
  return (
    <>
      {fix && <p><strong>What to do:</strong> <Prose text={fix} /></p>}
      {words('path') && <p className="secondary">The value is at <code>{words('path')}</code>.</p>}
      {words('closed_at') && (
        <p className="secondary">
          Closed <Moment at={words('closed_at')} /> by {words('closed_by') ?? 'nobody known'}{words('note') ? `: ${words('note')}` : '.'}
        </p>
      )}
    </>
  );
}
