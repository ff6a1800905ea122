import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import styles from './LongTable.module.css';

const ROW_PX = 38;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 30;

/** A column; the first one heads its row. `from` hides it on narrower screens. */
export type Column<T> = { name: string; width?: string; number?: boolean; from?: 'medium' | 'wide'; cell: (row: T) => ReactNode };

type LongTableProps<T> = {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  hasMore: boolean;
  loadMore: () => void;
};

/** A real table of any length: only the rows in view, and some around them, are in the page. */
export function LongTable<T>({ label, columns, rows, rowKey, hasMore, loadMore }: LongTableProps<T>) {
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    getItemKey: (index) => rowKey(rows[index] as T),
  });
  const shown = virtual.getVirtualItems();
  const [first, last] = [shown.at(0), shown.at(-1)];
  const nearEnd = last !== undefined && last.index >= rows.length - AHEAD;
  useEffect(() => {
    if (nearEnd && hasMore) loadMore();
  }, [nearEnd, hasMore, loadMore]);
  const look = ({ number, from }: Column<T>) => [number && styles.number, from && styles[from]].filter(Boolean).join(' ');
  return (
    <div className={styles.frame} ref={frame} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table} aria-rowcount={hasMore ? -1 : rows.length + 1} aria-label={label}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={look(column)} style={{ width: column.width }}>{column.name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Space height={first?.start ?? 0} span={columns.length} />
          {shown.map(({ index, key }) => (
            <tr key={key} aria-rowindex={index + 2}>
              {columns.map((column, at) => {
                const Cell = at === 0 ? 'th' : 'td';
                return <Cell key={column.name} scope={at === 0 ? 'row' : undefined} className={look(column)}>{column.cell(rows[index] as T)}</Cell>;
              })}
            </tr>
          ))}
          <Space height={virtual.getTotalSize() - (last?.end ?? 0)} span={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

/** Stands for the rows that are not in the page. */
function Space({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null;
  return <tr className={styles.space} aria-hidden><td colSpan={span} style={{ height }} /></tr>;
}
