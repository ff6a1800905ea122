/** Search parameters of the console's addresses: plain text in, typed filters out. What a filter does not know is dropped. */
import type { OrderFilter, ReviewFilter, RunFilter, SettlementFilter } from '../api/queries';
import { asDay } from '../lib/time';
import { wordsOf } from '../lib/words';

type Params = Record<string, unknown>;

export function parseSearch(search: string): Params {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(params: Params): string {
  const kept = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : '';
}

export function orderFilter(params: Params): OrderFilter {
  return withoutGaps({
    search: text(params['search']),
    stage: word(params['stage'], wordsOf('stage')) as OrderFilter['stage'],
    marketplace: text(params['marketplace']),
    fulfilment: word(params['fulfilment'], ['FBA', 'FBM']),
    from: asDay(params['from']),
    to: asDay(params['to']),
  });
}

export function settlementFilter(params: Params): SettlementFilter {
  return withoutGaps({ stage: word(params['stage'], wordsOf('settlement')) as SettlementFilter['stage'] });
}

export function runFilter(params: Params): RunFilter {
  return withoutGaps({ outcome: word(params['outcome'], wordsOf('outcome')), subject: text(params['subject']) });
}

export function reviewFilter(params: Params): ReviewFilter {
  const kind = word(params['kind'], wordsOf('kind')) as ReviewFilter['kind'];
  return withoutGaps({ kind, show: params['show'] === 'all' ? ('all' as const) : undefined });
}

/** Where to go after signing in: an address of this console, or nothing. */
export function signInSearch(params: Params): { next?: string } {
  const next = text(params['next']);
  return next && /^\/(?![/\\])/.test(next) ? { next } : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function word(value: unknown, known: string[]): string | undefined {
  return typeof value === 'string' && known.includes(value) ? value : undefined;
}

function withoutGaps<T extends object>(filter: T): T {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as T;
}
