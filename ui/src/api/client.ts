import createClient from 'openapi-fetch';
import type { components, paths } from './schema';
import { toError, unreachable } from './problem';

type Schemas = components['schemas'];
export type Connection = Schemas['Connection'];
export type Entry = Schemas['Entry'];
export type Money = Schemas['Money'];
export type OrderDetail = Schemas['OrderDetail'];
export type OrderSummary = Schemas['OrderSummary'];
export type Overview = Schemas['Overview'];
export type Review = Schemas['Review'];
export type ReviewKind = Schemas['ReviewKind'];
export type RunDetail = Schemas['RunDetail'];
export type RunSummary = Schemas['RunSummary'];
export type SettlementDetail = Schemas['SettlementDetail'];
export type SettlementDocument = Schemas['SettlementDocument'];
export type SettlementHead = Schemas['SettlementHead'];
export type SettlementProblem = Schemas['SettlementProblem'];
export type SettlementStage = Schemas['SettlementStage'];
export type SettlementTask = Schemas['SettlementTask'];
export type Stage = Schemas['Stage'];
export type TraceStep = Schemas['TraceStep'];
export type VatPeriod = Schemas['VatPeriod'];
export type WaterfallStep = Schemas['WaterfallStep'];

/** The server's API, typed by its own document. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => globalThis.fetch(request) });

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of a good answer; anything else is thrown as an `ApiError`. */
export async function answered<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
  if (!answer.response.ok) throw toError(answer.response.status, answer.error);
  return answer.data as T;
}
