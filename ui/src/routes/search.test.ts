import { expect, test } from 'vitest';
import { orderFilter, parseSearch, reviewFilter, signInSearch, stringifySearch } from './search';

test('a filter survives the way into an address and back', () => {
  const filter = { search: '1042', stage: 'review', marketplace: 'Amazon.co.uk', fulfilment: 'FBA', from: '2026-11-01', to: '2026-11-23' };
  const address = stringifySearch(filter);
  expect(address).toBe('?search=1042&stage=review&marketplace=Amazon.co.uk&fulfilment=FBA&from=2026-11-01&to=2026-11-23');
  expect(orderFilter(parseSearch(address))).toEqual(filter);
});

test('what a filter does not know is dropped', () => {
  expect(orderFilter(parseSearch('?stage=teleported&from=yesterday&fulfilment=X&utm=1'))).toEqual({});
  expect(reviewFilter(parseSearch('?kind=break&show=some'))).toEqual({ kind: 'break' });
});

test('after signing in one goes on within the console only', () => {
  expect(signInSearch({ next: '/orders?stage=review' })).toEqual({ next: '/orders?stage=review' });
  expect(['https://example.invalid', '//example.invalid', '/\\example.invalid', ''].map((next) => signInSearch({ next }))).toEqual([{}, {}, {}, {}]);
});
