import type { Overview } from '../api/client';
import { formatAmount } from './money';
import { count, systemName, type Tone } from './words';

/** How things stand, in words. `act` names the one thing to do next, if there is one. */
export type Standing = { tone: Tone; lead: string; more: string; act?: 'connections' | 'review' };

/** Whether money is moving as it should. What stops everything comes first, then what needs a person, then what moves. */
export function standing(overview: Overview): Standing {
  const { connections, open_items, value_unposted, orders } = overview;
  const values = value_unposted.filter(({ minor }) => minor !== 0).map(formatAmount);
  const unposted = values.length > 0 ? `${values.join(' and ')} ${values.length > 1 ? 'are' : 'is'} not in the books yet.` : 'Nothing that is due is missing from the books.';
  const paused = connections.filter(({ state }) => state !== 'ready');
  if (paused.length > 0) {
    const names = [...new Set(paused.map(({ system }) => systemName(system)))].join(' and ');
    return { tone: 'bad', lead: `The connection to ${names} is paused.`, more: unposted, act: 'connections' };
  }
  const open = open_items.review + open_items.break + open_items.dead_letter;
  if (open > 0) return { tone: 'person', lead: `${count(open, 'item needs', 'items need')} you.`, more: unposted, act: 'review' };
  if (connections.length === 0) {
    return { tone: 'wait', lead: 'Nothing is connected yet.', more: 'Run `tillbridge connect amazon` and `tillbridge connect kashflow` to begin.' };
  }
  if (orders.invoicing > 0 || values.length > 0) {
    return { tone: 'moving', lead: 'Invoices are on their way.', more: `${unposted} Nothing needs you.` };
  }
  return { tone: 'good', lead: 'Everything is where it should be.', more: `${unposted} Nothing needs you.` };
}
