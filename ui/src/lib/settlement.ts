/** A settlement in words and in figures that a picture can be drawn from. Nothing here is fetched or kept. */
import type { Money, SettlementDetail, SettlementHead, WaterfallStep } from '../api/client';
import { formatAmount } from './money';
import { count, said, sentence, type Tone } from './words';

/** How a settlement stands: a sentence, what it means, and what to do if a person must act. */
export type SettlementStanding = { tone: Tone; lead: string; more: string; next: string | null };

const STEPS: Record<string, string> = {
  sales: 'Sales', refunds: 'Refunds', fees: 'Amazon’s fees', other: 'Other income and charges', reserve: 'Reserve',
  deferred: 'Deferred sales', loans_and_exchange: 'Loans and exchange', payout: 'Payout to your bank',
};

const DOCUMENTS: Record<string, string> = {
  invoice: 'Invoice', refund: 'Credit note', credit_note: 'Credit note', reversal: 'Reversal', bill: 'Bill', bill_credit: 'Supplier’s credit',
  bank: 'Bank transaction', transfer: 'Transfer', journal: 'Journal', payment: 'Payment', allocation: 'Allocation',
};

const MODES: Record<string, string> = { per_order: 'one document for each order', daily: 'one document for each day', settlement: 'one document for each settlement' };

/** The name of a step; one that this console does not know is shown as it came. */
export const stepName = (step: string) => (Object.hasOwn(STEPS, step) ? STEPS[step]! : step);
/** The name of a kind of document. */
export const documentName = (kind: string) => (Object.hasOwn(DOCUMENTS, kind) ? DOCUMENTS[kind]! : kind);
/** The posting mode in words. */
export const modeName = (mode: string) => (Object.hasOwn(MODES, mode) ? MODES[mode]! : mode);

/** How a settlement stands. What stops it comes first, then what needs a person, then what moves. */
export function settlementStanding(detail: SettlementDetail): SettlementStanding {
  const { settlement, reviews, problems, tasks, unreadable } = detail;
  const reason = settlement.stage_reason ? sentence(settlement.stage_reason) : null;
  const stops = problems.find(({ weight }) => weight === 'stops');
  const next = reviews[0]?.fix ?? stops?.next ?? tasks.find(({ in_suspense }) => in_suspense !== false)?.next ?? null;
  switch (settlement.stage) {
    case 'received':
      return { tone: 'wait', lead: 'It was received and is not decided yet.', more: reason ?? 'Nothing of it is in the books.', next: reviews[0]?.fix ?? null };
    case 'quarantined': {
      const open = unreadable.filter((row) => !row.is_accepted).length;
      const accept = open > 0 ? `Look at ${count(open, 'unreadable amount')} below.` : 'Look at the problems below.';
      return { tone: 'bad', lead: 'Nothing of this settlement is posted.', more: reason ?? stops?.what ?? 'Its rows do not explain its total.', next: next ?? accept };
    }
    case 'posting':
      return { tone: 'moving', lead: progress(detail), more: reason ?? figures(detail), next: reviews[0]?.fix ?? null };
    case 'review':
      return { tone: 'person', lead: reason ?? 'Something waits for you; the rest is in the books.', more: figures(detail), next: next ?? 'Look at the documents that are not in the books.' };
    case 'posted':
      return settlement.explained === false
        ? { tone: 'bad', lead: figures(detail), more: 'Everything it wants is in the books.', next }
        : { tone: 'good', lead: figures(detail), more: 'Everything it wants is in the books.', next: null };
    default:
      return { tone: 'unknown', lead: said('settlement', settlement.stage).label, more: reason ?? '', next };
  }
}

/** Whether trying again could change something. */
export function canRetry({ settlement, document_states }: Pick<SettlementDetail, 'settlement' | 'document_states'>): boolean {
  return settlement.stage === 'quarantined' || settlement.stage === 'review' || ['conflict', 'rejected'].some((state) => (document_states[state] ?? 0) > 0);
}

/** `Payout £1,234.56 reconciles to £0.00.` Never says so of what is not explained. */
export function figures({ settlement, clearing }: Pick<SettlementDetail, 'settlement' | 'clearing'>): string {
  const what = payout(settlement.total);
  if (!clearing) return `${what}; what it leaves on the clearing account is not known.`;
  const { after, change, expected } = clearing;
  const missing = change.minor - expected.minor;
  if (missing !== 0) return `${what}, and ${formatAmount({ ...change, minor: missing })} of what the documents move on clearing is not explained.`;
  if (settlement.explained === false) return `${what}, and not every penny of it is explained.`;
  if (settlement.explained !== true) return `${what}; whether every penny of it is explained is not known.`;
  const verb = settlement.stage === 'posted' ? 'reconciles' : 'will reconcile';
  if (after.minor === 0) return `${what} ${verb} to ${formatAmount(after)}.`;
  return `${what} ${verb}: ${formatAmount(after)} stays on the clearing account, and every penny of it is explained.`;
}

/** `Payout £1,234.56`, or what is owed instead. */
function payout(total: Money): string {
  if (total.minor > 0) return `Payout ${formatAmount(total)}`;
  return total.minor < 0 ? `A debt of ${formatAmount({ ...total, minor: -total.minor })} to Amazon` : 'A settlement without a payout';
}

/** `2 of 5 documents are in the books; the others are on their way.` */
export function progress({ document_states }: Pick<SettlementDetail, 'document_states'>): string {
  const all = Object.values(document_states).reduce((sum, part) => sum + part, 0);
  if (all === 0) return 'Its documents are being prepared.';
  const done = document_states['confirmed'] ?? 0;
  return `${done} of ${count(all, 'document')} ${done === 1 ? 'is' : 'are'} in the books; the others are on their way.`;
}

/** `5 documents: 2 in the books, 3 sent.` */
export function statesInWords(states: SettlementDetail['document_states']): string {
  const parts = Object.entries(states).map(([state, number]) => `${number} ${lowerFirst(said('document', state).label)}`);
  const all = Object.values(states).reduce((sum, part) => sum + part, 0);
  return `${count(all, 'document')}: ${parts.join(', ')}.`;
}

/** One bar: from where to where it reaches, in minor units. */
export type Bar = { name: string; kind: 'balance' | 'in' | 'out' | 'payout'; amount: Money; from: number; to: number };

/** Bars from the balance before to the balance after, and what the steps leave unexplained between them. */
export function bars(steps: WaterfallStep[], clearing: SettlementDetail['clearing']): { bars: Bar[]; missing: Money | null } {
  const first = steps[0];
  if (!first) return { bars: [], missing: null };
  const start = clearing ? clearing.before.minor + clearing.posted_before.minor : 0;
  const balance = (name: string, minor: number): Bar => ({ name, kind: 'balance', amount: { ...first.amount, minor }, from: 0, to: minor });
  let at = start;
  const moved = steps.map(({ step, amount }): Bar => {
    const from = at;
    at += amount.minor;
    return { name: stepName(step), kind: step === 'payout' ? 'payout' : amount.minor < 0 ? 'out' : 'in', amount, from, to: at };
  });
  const before = start === 0 ? [] : [balance('On clearing before', start)];
  const after = clearing ? clearing.after.minor : at;
  return {
    bars: [...before, ...moved, balance('On clearing after', after)],
    missing: after === at ? null : { ...first.amount, minor: after - at },
  };
}

/** What names a settlement in a list. */
export const settlementKey = ({ pair, currency, id }: Pick<SettlementHead, 'pair' | 'currency' | 'id'>) => `${pair}/${currency}/${id}`;

/** The settlement that an item is about, if it is about one: `settlement/26031877011-GBP`. */
export function settlementOf(subject: string): { id: string; currency: string } | null {
  const [, id, currency] = /^settlement\/(.+)-([A-Z]{3})$/.exec(subject) ?? [];
  return id && currency ? { id, currency } : null;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
