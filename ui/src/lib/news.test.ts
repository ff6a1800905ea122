import { expect, test } from 'vitest';
import { newsOf, newsText } from './news';

type Row = { id: string; stage: string };
const rows = (text: string): Row[] => text.split(' ').map((row) => ({ id: row[0]!, stage: row.slice(1) }));
const news = (loaded: string, head: string) => newsOf(rows(loaded), rows(head), (row) => row.id);

test('new rows are counted and not shown, changed rows change in their place', () => {
  const { fresh, gone, rows: shown } = news('c1 b1 a1', 'e1 d1 c2 b1');
  expect([fresh, gone, shown.map((row) => row.id + row.stage)]).toEqual([2, 0, ['c2', 'b1', 'a1']]);
});

test('rows that left the list are counted, but only as far as the newest page reaches', () => {
  expect(news('e d c b a', 'e c b')).toMatchObject({ fresh: 0, gone: 1 });
  expect(news('e d', 'e d')).toMatchObject({ fresh: 0, gone: 0 });
});

test('a page of nothing but new rows may not be all of them', () => {
  const all = news('a', 'd c b');
  expect([all.more, newsText(all)]).toEqual([true, '3 or more new · show']);
});

test('before the newest page is known, nothing is new', () => {
  expect(newsText(newsOf(rows('a b'), undefined, (row) => row.id))).toBeNull();
  expect(newsText({ fresh: 12, more: false, gone: 3 })).toBe('12 new, 3 no longer here · show');
});
