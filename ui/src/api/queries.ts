/** What the console asks the server, one entry for each question. Keys that begin with `live` are asked again on live events. */
import { queryOptions } from '@tanstack/react-query';
import { dayAfter, startOfDay } from '../lib/time';
import { answered, api, type ReviewKind, type SettlementStage, type Stage } from './client';

/** Rows of a page of a list. */
export const PAGE = 100;
/** Settlements come twice a month, so a page of them is two years. */
const SETTLEMENTS = 50;

/** Which orders; days are days in Europe/London, `to` included. */
export type OrderFilter = { search?: string; stage?: Stage; marketplace?: string; fulfilment?: string; from?: string; to?: string };
/** Which runs. */
export type RunFilter = { outcome?: string; subject?: string };
/** Which settlements. */
export type SettlementFilter = { stage?: SettlementStage };
/** Which items: `open` (the default), or all of them. */
export type ReviewFilter = { kind?: ReviewKind; show?: 'all' };

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => answered(api.GET('/api/v1/session', { signal })),
  staleTime: Infinity,
  retry: false,
});

export const overviewQuery = queryOptions({
  queryKey: ['live', 'overview'],
  queryFn: ({ signal }) => answered(api.GET('/api/v1/overview', { signal })),
});

function asked({ from, to, ...filter }: OrderFilter) {
  return { ...filter, placed_from: from && startOfDay(from), placed_to: to && startOfDay(dayAfter(to)) };
}

/** A list that comes in pages: its name in the cache, and how to get the page after a mark. */
export type Listed<P> = { key: unknown[]; page: (after: string | undefined, signal: AbortSignal) => Promise<P> };

export const ordersList = (filter: OrderFilter) => ({
  key: ['orders', filter],
  page: (after: string | undefined, signal: AbortSignal) =>
    answered(api.GET('/api/v1/orders', { signal, params: { query: { ...asked(filter), limit: PAGE, after } } })),
});

export const orderQuery = (pair: string, orderId: string) =>
  queryOptions({
    queryKey: ['live', 'order', pair, orderId],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/v1/orders/{pair}/{order_id}', { signal, params: { path: { pair, order_id: orderId } } })),
  });

export const settlementsList = (filter: SettlementFilter) => ({
  key: ['settlements', filter],
  page: (after: string | undefined, signal: AbortSignal) =>
    answered(api.GET('/api/v1/settlements', { signal, params: { query: { ...filter, limit: SETTLEMENTS, after } } })),
});

/** What names a settlement: the same id may come in another currency. */
export type SettlementKey = { pair: string; currency: string; id: string };

export const settlementQuery = ({ pair, currency, id }: SettlementKey) =>
  queryOptions({
    queryKey: ['live', 'settlement', pair, currency, id],
    queryFn: ({ signal }) => answered(api.GET('/api/v1/settlements/{pair}/{currency}/{id}', { signal, params: { path: { pair, currency, id } } })),
  });

export const vatQuery = queryOptions({
  queryKey: ['live', 'vat'],
  queryFn: ({ signal }) => answered(api.GET('/api/v1/vat', { signal })),
});

export const runsList = (filter: RunFilter) => ({
  key: ['runs', filter],
  page: (after: string | undefined, signal: AbortSignal) =>
    answered(api.GET('/api/v1/runs', { signal, params: { query: { ...filter, limit: PAGE, after } } })),
});

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: ({ signal }) => answered(api.GET('/api/v1/runs/{id}', { signal, params: { path: { id } } })),
    staleTime: Infinity,
  });

export const reviewsQuery = ({ kind, show }: ReviewFilter) =>
  queryOptions({
    queryKey: ['live', 'reviews', { kind, show }],
    queryFn: ({ signal }) => answered(api.GET('/api/v1/reviews', { signal, params: { query: { kind, open: show !== 'all' } } })),
  });
