import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, test } from 'vitest';
import type { SettlementDocument, SettlementTask } from '../api/client';
import { Ledger } from './Ledger';
import { SettlementDocuments } from './SettlementDocuments';
import { SettlementTasks } from './SettlementTasks';
import { VatTable } from './VatTable';
import { Waterfall } from './Waterfall';

const gbp = (minor: number) => ({ minor, currency: 'GBP', decimals: 2 });
const shown = (children: ReactNode) => render(<MantineProvider>{children}</MantineProvider>).container;
const steps = [{ step: 'sales', amount: gbp(198_400) }, { step: 'payout', amount: gbp(-123_456) }];
const clearing = { account: '1250', before: gbp(0), posted_before: gbp(0), change: gbp(74_944), expected: gbp(74_944), after: gbp(74_944) };

test('the picture from sales to payout has a name, a description, and a table with the same figures', () => {
  shown(<Waterfall steps={steps} clearing={clearing} />);
  const picture = screen.getByRole('img', { name: /From sales to the payout/ });
  expect(picture.querySelector('desc')?.textContent).toBe('Sales £1,984.00, Payout to your bank −£1,234.56, On clearing after £749.44');
  const table = screen.getByRole('table', { name: 'From sales to the payout' });
  expect(table.textContent).toContain('Payout to your bank−£1,234.56£749.44');
  expect(screen.queryByRole('alert')).toBeNull();
});

test('steps that do not lead to the balance after are an alarm', () => {
  shown(<Waterfall steps={steps} clearing={{ ...clearing, after: gbp(74_945) }} />);
  expect(screen.getByRole('alert').textContent).toContain('£0.01 is in no step');
});

test('a ledger shows debits and credits apart, and that they are equal', () => {
  const line = (account: string, minor: number) => ({ account, title: `${account} Account`, amount: gbp(minor) });
  const text = shown(<Ledger ledger={[line('1200', 500), line('4000', -400), line('2200', -100)]} />).textContent;
  expect(text).toContain('1200 Account£5.00');
  expect(text).toContain('Total£5.00£5.00');
});

test('a document that was refused says why; one that nobody committed is not called lost', () => {
  const document: SettlementDocument = { key: 'k', kind: 'bill', reference: 'AMZ-1', on: '2026-11-14', party: null, amount: gbp(100), rows: 3, state: 'rejected', number: 88, reason: 'the period is locked' };
  const text = shown(<SettlementDocuments documents={[document, { ...document, key: 'l', state: null, number: null, reason: null }]} document_states={{ rejected: 1, undecided: 1 }} />).textContent;
  expect(text).toContain('Bill AMZ-1: The period is locked.');
  expect(text).toContain('Bill 88Refused');
  expect(text).toContain('BillNot decided');
});

test('what is to be looked at first comes first, with its cause and the next action', () => {
  const task: SettlementTask = { code: 'c', in_suspense: false, subject: 'later', rows_of: null, sum: gbp(1), count: 1, line: null, cause: 'one', next: 'wait', high_priority: false, suggestions: [] };
  shown(<SettlementTasks tasks={[task, { ...task, subject: '', rows_of: ['other', '', 'Mystery'], in_suspense: true, high_priority: true, line: 17, count: 2, cause: 'nobody knows it', next: 'add a rule', suggestions: ['Storage'] }]} />);
  const [first] = screen.getAllByRole('article');
  expect(first?.textContent).toContain('other · Mystery');
  expect(first?.textContent).toContain('Nobody knows it.What to do: Add a rule.It resembles Storage. Nothing of that was applied.');
});

test('boxes of a period are shown by their numbers', () => {
  const text = shown(<VatTable label="VAT" rows={[{ from: '2026-10-01', to: '2026-12-31', box1: gbp(100), box4: gbp(30), box5: gbp(70), box6: gbp(500), box7: gbp(150) }]} />).textContent;
  expect(text).toContain('Box 5: to pay');
  expect(text).toMatch(/1 Oct\s.\s31 Dec 2026£1.00£0.30£0.70£5.00£1.50/);
});
