/**
 * Reads frozen drafts and receipts, which come as plain JSON. What does not have the expected shape is not guessed at: the reader
 * gets `null`, and the page shows the JSON as it is.
 */
import type { Minor } from './money';
import { formatDate } from './time';

export type DocumentLine = { text: string | null; quantity: number | null; net: Minor; vat: Minor; vatRate: string; account: string };
/** A draft (what the books should hold) or a receipt (what they hold). */
export type BookDocument = {
  reference: string;
  customer: string;
  issuedOn: string;
  lines: DocumentLine[];
  net: Minor;
  vat: Minor;
  gross: Minor;
  paid: Minor | null;
  rate: string | null;
};

/** A frozen draft, or `null` if the data is something else (a customer, say). */
export function readDraft(data: unknown): BookDocument | null {
  if (!isMap(data) || !isMap(data['customer'])) return null;
  const payment = isMap(data['payment']) ? money(data['payment']['amount']) : null;
  return read(data, text(data['customer']['code']), payment);
}

/** What the books confirmed, or `null` if the data is something else. */
export function readReceipt(data: unknown): BookDocument | null {
  if (!isMap(data)) return null;
  return read(data, text(data['customer']), money(data['paid']));
}

/** What differs between a draft and its receipt, each in words; empty if nothing does. */
export function differences(draft: BookDocument, receipt: BookDocument): string[] {
  const found: string[] = [];
  if (draft.reference.trim().toLowerCase() !== receipt.reference.trim().toLowerCase()) found.push('the reference');
  if (draft.customer !== receipt.customer) found.push('the customer');
  if (draft.issuedOn !== receipt.issuedOn) found.push('the date');
  if (draft.net.currency !== receipt.net.currency) found.push('the currency');
  if (draft.net.minor !== receipt.net.minor) found.push('the net amount');
  if (draft.vat.minor !== receipt.vat.minor) found.push('the VAT');
  if (draft.lines.length !== receipt.lines.length) found.push('the number of lines');
  const accounts = (document: BookDocument) => document.lines.map((line) => line.account).sort().join();
  if (accounts(draft) !== accounts(receipt)) found.push('the accounts');
  return found;
}

function read(data: Record<string, unknown>, customer: string | null, paid: Minor | null): BookDocument | null {
  const [reference, issuedOn] = [text(data['reference']), text(data['issued_on'])];
  if (reference === null || issuedOn === null || customer === null || !Array.isArray(data['lines'])) return null;
  const lines = data['lines'].map(readLine);
  if (lines.length === 0 || !lines.every((line) => line !== null)) return null;
  const [net, vat] = [sum(lines.map((line) => line.net)), sum(lines.map((line) => line.vat))];
  const gross = net && vat && sum([net, vat]);
  if (!net || !vat || !gross) return null;
  return { reference, customer, issuedOn, lines, net, vat, gross, paid, rate: readRate(data['rate']) };
}

function readLine(line: unknown): DocumentLine | null {
  if (!isMap(line)) return null;
  const [net, vat, account] = [money(line['net']), money(line['vat']), line['nominal']];
  const vatRate = readVatRate(line['vat_rate']);
  if (!net || !vat || vatRate === null || (typeof account !== 'number' && typeof account !== 'string')) return null;
  const quantity = typeof line['quantity'] === 'number' ? line['quantity'] : null;
  return { text: text(line['description']), quantity, net, vat, vatRate, account: String(account) };
}

function readVatRate(rate: unknown): string | null {
  if (rate === 'exempt') return 'exempt';
  if (rate === 'outside_scope') return 'outside scope';
  const percent = isMap(rate) ? rate['percent'] : undefined;
  return typeof percent === 'string' || typeof percent === 'number' ? `${percent} %` : null;
}

function readRate(rate: unknown): string | null {
  if (!isMap(rate)) return null;
  const sources: Record<string, string> = { hmrc_monthly: 'HMRC monthly rate', ecb: 'European Central Bank', own: 'own table' };
  const source = sources[String(rate['source'])] ?? String(rate['source']);
  return `${String(rate['per_home'])} for £1 (${source}, ${formatDate(String(rate['on']))})`;
}

function sum(amounts: Minor[]): Minor | null {
  const [first] = amounts;
  if (!first || amounts.some((amount) => amount.currency !== first.currency)) return null;
  return { ...first, minor: amounts.reduce((total, amount) => total + amount.minor, 0) };
}

function money(value: unknown): Minor | null {
  if (!isMap(value) || !Number.isSafeInteger(value['minor']) || typeof value['currency'] !== 'string') return null;
  return { minor: value['minor'] as number, currency: value['currency'] };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
