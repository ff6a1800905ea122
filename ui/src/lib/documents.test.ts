import { expect, test } from 'vitest';
import { differences, readDraft, readReceipt } from './documents';

const gbp = (minor: number) => ({ minor, currency: 'GBP' });
const line = { description: '2 x MUG-BLUE', quantity: 2, net: gbp(2000), vat: gbp(400), vat_rate: { percent: '20' }, nominal: 4000 };
const draft = {
  reference: 'AMZ-203-1', customer: { code: 'AMZUKSTD', name: 'Amazon UK' }, issued_on: '2026-11-23', currency: 'GBP', rate: null,
  lines: [line, { ...line, description: 'Delivery', quantity: 1, net: gbp(300), vat: gbp(60) }], payment: { amount: gbp(2760) },
};
const receipt = {
  number: 1042, reference: 'amz-203-1 ', customer: 'AMZUKSTD', issued_on: '2026-11-23', paid: gbp(2760),
  lines: draft.lines.map(({ net, vat, vat_rate, nominal }) => ({ net, vat, vat_rate, nominal })),
};

test('a draft is read with the sums of its lines', () => {
  const read = readDraft(draft)!;
  expect([read.net.minor, read.vat.minor, read.gross.minor, read.paid?.minor]).toEqual([2300, 460, 2760, 2760]);
  expect(read.lines[0]).toMatchObject({ text: '2 x MUG-BLUE', quantity: 2, vatRate: '20 %', account: '4000' });
});

test('a receipt that says the same differs in nothing', () => {
  expect(differences(readDraft(draft)!, readReceipt(receipt)!)).toEqual([]);
});

test('each difference is named', () => {
  const penny = { ...receipt, customer: 'SMITH', issued_on: '2026-11-24', lines: [{ ...receipt.lines[0], vat: gbp(401), nominal: 4001 }, receipt.lines[1]] };
  expect(differences(readDraft(draft)!, readReceipt(penny)!)).toEqual(['the customer', 'the date', 'the VAT', 'the accounts']);
});

test('what has another shape is not guessed at', () => {
  expect(readDraft({ code: 'AMZUKSTD', name: 'Amazon UK' })).toBeNull();
  expect(readDraft({ ...draft, lines: [{ ...line, vat_rate: { fraction: 'a fifth' } }] })).toBeNull();
  expect(readDraft({ ...draft, lines: [line, { ...line, net: { minor: 1, currency: 'EUR' } }] })).toBeNull();
  expect(readReceipt('1042')).toBeNull();
});
