import type { ReactNode } from 'react';
import type { Column } from './LongTable';
import styles from './DocumentTable.module.css';

type PlainTableProps<T> = { label: string; columns: Column<T>[]; rows: T[]; rowKey: (row: T) => string; foot?: ReactNode };

/** A table of a few rows, as wide as it must be: what does not fit is scrolled to, by keyboard too. The first column heads its row. */
export function PlainTable<T>({ label, columns, rows, rowKey, foot }: PlainTableProps<T>) {
  const look = ({ number, from }: Column<T>) => [number && styles.number, from && styles.minor].filter(Boolean).join(' ');
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => <th key={column.name} scope="col" className={look(column)}>{column.name}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column, at) => {
                const Cell = at === 0 ? 'th' : 'td';
                return <Cell key={column.name} scope={at === 0 ? 'row' : undefined} className={look(column)}>{column.cell(row)}</Cell>;
              })}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
    </div>
  );
}
