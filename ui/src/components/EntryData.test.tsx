import { MantineProvider } from '@mantine/core';
import { fireEvent, render } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Entry } from '../api/client';
import { Timeline } from './Timeline';

const gbp = (minor: number) => ({ minor, currency: 'GBP' });
const line = { description: 'MUG-BLUE', quantity: 2, net: gbp(2000), vat: gbp(400), vat_rate: { percent: '20' }, nominal: 4000 };
const draft = { reference: 'AMZ-203-1', customer: { code: 'AMZUKSTD' }, issued_on: '2026-11-23', rate: null, lines: [line], payment: null };
const receipt = { reference: 'AMZ-203-1', customer: 'AMZUKSTD', issued_on: '2026-11-23', lines: [{ ...line, vat: gbp(401) }], paid: gbp(0) };
const entry = (kind: Entry['kind'], data: unknown, state: string | null = null): Entry => ({ at: '2026-11-23T09:30:00Z', kind, title: `a ${kind}`, detail: 'It happened.', state, data });
const shown = (...entries: Entry[]) => render(<MantineProvider><Timeline entries={entries} /></MantineProvider>).container;

test('a draft is shown as a bookkeeper reads it, and can be read word for word', () => {
  const container = shown(entry('intent', draft, 'planned'));
  expect(container.querySelector('table')?.textContent).toContain('2 × MUG-BLUE4000£20.0020 %£4.00');
  expect(container.textContent).toContain('no payment');
  expect(container.textContent).toContain('The draft word for word');
});

test('books that differ by a penny from the draft say in what', () => {
  expect(shown(entry('intent', draft), entry('receipt', receipt)).textContent).toContain('The books differ from the draft in the VAT.');
});

test('a receipt without a draft is not called equal', () => {
  expect(shown(entry('receipt', receipt)).textContent).toContain('There is no draft with this reference to compare it with.');
});

test('a fact opens to what the marketplace said, word for word', () => {
  const container = shown(entry('fact', { orderId: '203-1', odd: '<script>' }));
  const details = container.querySelector('details')!;
  details.open = true;
  fireEvent(details, new Event('toggle'));
  expect(container.querySelector('pre')?.textContent).toBe(JSON.stringify({ orderId: '203-1', odd: '<script>' }, null, 2));
});

test('an item tells what to do and who closed it', () => {
  const text = shown(entry('review', { fix: 'Add the account.', path: '$.x', closed_at: '2026-11-23T10:00:00Z', closed_by: 'owner', note: 'Done.' }, 'closed')).textContent;
  expect(text).toContain('What to do: Add the account.');
  expect(text).toContain('Closed 23 Nov 2026, 10:00:00 GMT by owner: Done.');
});
