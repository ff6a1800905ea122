/** Times as people in the United Kingdom read them. The books are kept in Europe/London, wherever the reader sits. */

const ZONE = 'Europe/London';
const MOMENT = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE, day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short',
});
const SHORT = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZoneName: 'short',
});
const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const PERIOD = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: 'numeric', month: 'short', year: 'numeric' });
const DATE = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });

/** `23 Nov 2026, 09:30:05 GMT`. */
export function formatMoment(at: string): string {
  return MOMENT.format(parsed(at));
}

/** `23 Nov, 09:30 GMT`, for lists. */
export function formatShort(at: string): string {
  return SHORT.format(parsed(at));
}

/** `Monday 23 November 2026`, from a calendar day such as `2026-11-23`. */
export function formatDay(day: string): string {
  return DAY.format(parsed(`${day}T12:00:00Z`)).replace(',', '');
}

/** `23 Nov 2026`, from a calendar day; what is no day is shown as it came. */
export function formatDate(day: string): string {
  return asDay(day) ? DATE.format(parsed(`${day}T12:00:00Z`)) : day;
}

/** `1–14 Nov 2026`, as days in Europe/London. */
export function formatPeriod(from: string | null | undefined, to: string | null | undefined): string {
  if (from && to) return PERIOD.formatRange(parsed(from), parsed(to));
  if (from) return `from ${PERIOD.format(parsed(from))}`;
  return to ? `to ${PERIOD.format(parsed(to))}` : 'not stated';
}

/** `1 Oct – 31 Dec 2026`, from calendar days; what are no days is shown as it came. */
export function formatDays(from: string, to: string): string {
  return asDay(from) && asDay(to) ? DATE.formatRange(parsed(`${from}T12:00:00Z`), parsed(`${to}T12:00:00Z`)) : `${from} to ${to}`;
}

/** `2 h 05 min`, `14 s`, `less than a second`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return ms < 1 ? 'less than a millisecond' : `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 60) return `${s < 10 ? s.toFixed(1) : Math.round(s)} s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return `${minutes} min ${pad(Math.floor(s % 60))} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** The moment a day begins in Europe/London, as UTC: `2026-07-01` → `2026-06-30T23:00:00.000Z`. */
export function startOfDay(day: string): string {
  const utc = parsed(`${day}T00:00:00Z`);
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', hourCycle: 'h23' }).format(utc);
  return new Date(utc.getTime() - Number(hour) * 3_600_000).toISOString();
}

/** The calendar day after `day`. */
export function dayAfter(day: string): string {
  const date = parsed(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

/** The text, if it is a calendar day such as `2026-11-23`. */
export function asDay(text: unknown): string | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? undefined : text;
}

function parsed(at: string): Date {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) throw new RangeError(`not a time: ${at}`);
  return date;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
