/** The server's words as readers see them. A word this console does not know is shown as it came, and marked as unknown. */

/** What a state asks of the reader: nothing, patience, or an act. Decides icon and colour. */
export type Tone = 'good' | 'moving' | 'wait' | 'person' | 'bad' | 'unknown';
/** A word of the server in the reader's language. */
export type Said = { label: string; tone: Tone };

const STAGES: Record<string, Said> = {
  waiting: { label: 'Waiting', tone: 'wait' },
  invoicing: { label: 'On its way', tone: 'moving' },
  invoiced: { label: 'Invoiced', tone: 'good' },
  nothing_to_do: { label: 'Nothing to do', tone: 'wait' },
  review: { label: 'Needs you', tone: 'person' },
  failed: { label: 'Failed', tone: 'bad' },
};

const SETTLEMENTS: Record<string, Said> = {
  received: { label: 'Received', tone: 'wait' },
  quarantined: { label: 'Kept back', tone: 'bad' },
  posting: { label: 'On its way', tone: 'moving' },
  posted: { label: 'In the books', tone: 'good' },
  review: { label: 'Needs you', tone: 'person' },
};

const WEIGHTS: Record<string, Said> = {
  stops: { label: 'Stops posting', tone: 'bad' },
  doubt: { label: 'In doubt', tone: 'person' },
  to_suspense: { label: 'On suspense', tone: 'person' },
  note: { label: 'Note', tone: 'wait' },
};

const TASKS: Record<string, Said> = {
  suspense: { label: 'On suspense', tone: 'person' },
  posted: { label: 'Posted', tone: 'good' },
  first: { label: 'Look first', tone: 'bad' },
};

const AMOUNTS: Record<string, Said> = {
  accepted: { label: 'Accepted', tone: 'good' },
};

const OUTCOMES: Record<string, Said> = {
  wants: { label: 'Belongs in the books', tone: 'good' },
  nothing: { label: 'Nothing to do', tone: 'wait' },
  waiting: { label: 'Waiting', tone: 'wait' },
  parked: { label: 'Needs you', tone: 'person' },
};

const DOCUMENTS: Record<string, Said> = {
  planned: { label: 'Decided', tone: 'moving' },
  intended: { label: 'Numbered', tone: 'moving' },
  sent: { label: 'Sent', tone: 'moving' },
  unknown: { label: 'Answer lost', tone: 'moving' },
  confirmed: { label: 'In the books', tone: 'good' },
  conflict: { label: 'Conflict', tone: 'person' },
  rejected: { label: 'Refused', tone: 'bad' },
  undecided: { label: 'Not decided', tone: 'wait' },
};

const KINDS: Record<string, Said> = {
  review: { label: 'Decision needed', tone: 'person' },
  break: { label: 'Books differ', tone: 'bad' },
  dead_letter: { label: 'Given up', tone: 'bad' },
};

const ITEMS: Record<string, Said> = {
  open: { label: 'Open', tone: 'person' },
  closed: { label: 'Closed', tone: 'good' },
};

const CONNECTIONS: Record<string, Said> = {
  ready: { label: 'Working', tone: 'good' },
  paused: { label: 'Paused', tone: 'bad' },
};

const TABLES = { stage: STAGES, settlement: SETTLEMENTS, weight: WEIGHTS, task: TASKS, amount: AMOUNTS, outcome: OUTCOMES, document: DOCUMENTS, kind: KINDS, item: ITEMS, connection: CONNECTIONS };
/** Which of the server's vocabularies a word is from. */
export type Vocabulary = keyof typeof TABLES;

export function said(vocabulary: Vocabulary, word: string): Said {
  const table = TABLES[vocabulary];
  return Object.hasOwn(table, word) ? table[word]! : { label: `Unknown: ${word}`, tone: 'unknown' };
}

/** All words of a vocabulary, for filters. */
export function wordsOf(vocabulary: Vocabulary): string[] {
  return Object.keys(TABLES[vocabulary]);
}

/** `1 order`, `2 orders`, with grouped digits. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

export function grouped(number: number): string {
  return number.toLocaleString('en-GB');
}

/** The name of a remote system. */
export function systemName(system: string): string {
  return { amazon: 'Amazon', kashflow: 'KashFlow' }[system] ?? system;
}

/** The text as a sentence: capital first, full stop last. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(capital) || capital === '' ? capital : `${capital}.`;
}

/** Why an order or a run is at a stage. What something waits for comes as a phrase, everything else as a sentence. */
export function why(stage: string, reason: string | null | undefined): string {
  if (!reason) return '';
  return stage === 'waiting' ? sentence(`Waits for ${reason.trim()}`) : sentence(reason);
}
