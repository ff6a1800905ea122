/** What the console may change on the server. */
import { answered, api } from './client';
import type { SettlementKey } from './queries';

export const logIn = (password: string) => answered(api.POST('/api/v1/session', { body: { password } }));

export const logOut = () => answered(api.DELETE('/api/v1/session'));

export const setOwnerPassword = (body: { token: string; password: string }) => answered(api.POST('/api/v1/owner-link', { body }));

export const retryOrder = (pair: string, orderId: string) =>
  answered(api.POST('/api/v1/orders/{pair}/{order_id}/retry', { params: { path: { pair, order_id: orderId } } }));

const settlement = ({ pair, currency, id }: SettlementKey) => ({ params: { path: { pair, currency, id } } });

export const retrySettlement = (key: SettlementKey) => answered(api.POST('/api/v1/settlements/{pair}/{currency}/{id}/retry', settlement(key)));

/** `amount` is digits in the settlement's currency. */
export const acceptAmount = (key: SettlementKey, line: number, amount: string) =>
  answered(api.POST('/api/v1/settlements/{pair}/{currency}/{id}/accept', { ...settlement(key), body: { line, amount } }));

export const closeReview = (id: number, note: string) =>
  answered(api.POST('/api/v1/reviews/{id}/close', { params: { path: { id } }, body: { note } }));

export const resumeConnection = (pair: string, system: string) =>
  answered(api.POST('/api/v1/connections/{pair}/{system}/resume', { params: { path: { pair, system } } }));
