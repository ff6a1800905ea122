import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { newsOf, newsText } from '../lib/news';
import { useRowKeys } from '../lib/row-keys';
import { grouped } from '../lib/words';
import { LongTable, type Column } from './LongTable';
import { StaleBadge } from './StaleBadge';
import { Failed, Loading } from './States';
import styles from './ListFrame.module.css';

/** A list as its query has it so far. */
export type Loaded<T> = { rows: T[] | undefined; error: unknown; hasMore: boolean; isMore: boolean; loadMore: () => void; retry: () => void };

type LongListProps<T> = {
  label: string;
  what: [one: string, many: string];
  loaded: Loaded<T>;
  head: T[] | undefined;
  showNews: () => void;
  columns: Column<T>[];
  rowKey: (row: T) => string;
  total?: number | undefined;
  empty: ReactNode;
};

/** A long list that follows what happens without ever moving under the reader's eyes. */
export function LongList<T>({ label, what, loaded, head, showNews, columns, rowKey, total, empty }: LongListProps<T>) {
  useRowKeys();
  const { rows, error, hasMore, isMore, loadMore, retry } = loaded;
  if (!rows) return error ? <Failed what="The list did not load" error={error} onRetry={retry} /> : <Loading rows={10} height={28} />;
  const news = newsOf(rows, head, rowKey);
  const text = newsText(news);
  return (
    <>
      <div className={styles.above}>
        <p className="secondary" role="status">{loadedText(rows.length, hasMore, what, total)}</p>
        <StaleBadge />
        {text && <Button size="xs" variant="light" onClick={showNews}>{text}</Button>}
      </div>
      {rows.length === 0 ? empty : <LongTable label={label} columns={columns} rows={news.rows} rowKey={rowKey} hasMore={hasMore} loadMore={isMore ? nothing : loadMore} />}
      {error !== null && <Failed what="The next page did not load" error={error} onRetry={loadMore} />}
    </>
  );
}

/** `100 orders loaded, more below; 12,345 in all` */
export function loadedText(rows: number, hasMore: boolean, [one, many]: [string, string], total: number | undefined): string {
  const found = `${grouped(rows)} ${rows === 1 ? one : many}`;
  const all = total !== undefined && total !== rows ? `; ${grouped(total)} in all` : '';
  return hasMore ? `${found} loaded, more below${all}` : `${found}${all}`;
}

const nothing = () => {};
