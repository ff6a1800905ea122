/** What is new in a list since it was loaded, so that the list can stand still until the reader asks for it. */

export type News<T> = {
  /** Rows that the loaded list has not got. `more` if there may be still more of them. */
  fresh: number;
  more: boolean;
  /** Loaded rows that no longer belong to the list, for example because they went on to another stage. */
  gone: number;
  /** The loaded rows, each in its place, as new as we know them. */
  rows: T[];
};

/** Compares loaded rows with the newest page of the same list. Both come newest first; `key` names a row. */
export function newsOf<T>(loaded: T[], head: T[] | undefined, key: (row: T) => string): News<T> {
  if (!head) return { fresh: 0, more: false, gone: 0, rows: loaded };
  const known = new Set(loaded.map(key));
  const newest = new Map(head.map((row) => [key(row), row]));
  const fresh = head.filter((row) => !known.has(key(row))).length;
  const last = head.at(-1);
  const reach = last ? loaded.findIndex((row) => key(row) === key(last)) + 1 : loaded.length;
  return {
    fresh,
    more: fresh > 0 && fresh === head.length,
    gone: loaded.slice(0, reach).filter((row) => !newest.has(key(row))).length,
    rows: loaded.map((row) => newest.get(key(row)) ?? row),
  };
}

/** `12 new, 3 changed · show`, or nothing. */
export function newsText({ fresh, more, gone }: Pick<News<unknown>, 'fresh' | 'more' | 'gone'>): string | null {
  const parts = [fresh > 0 && `${fresh}${more ? ' or more' : ''} new`, gone > 0 && `${gone} no longer here`].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')} · show` : null;
}
