import type { Money } from '../api/client';
import { formatDays } from '../lib/time';
import { Amount } from './Amount';
import type { Column } from './LongTable';
import { PlainTable } from './PlainTable';
import styles from './DocumentTable.module.css';

type VatRow = { from: string; to: string; box1: Money; box4: Money; box5?: Money; box6: Money; box7: Money };
type VatTableProps<T> = { label: string; rows: T[]; more?: Column<T>[] };

/** What documents put into the boxes of VAT returns. `more` are columns of the caller's, at the end. */
export function VatTable<T extends VatRow>({ label, rows, more = [] }: VatTableProps<T>) {
  const box = (name: string, of: (row: T) => Money | undefined): Column<T> => ({ name, number: true, cell: (row) => <Amount value={of(row)} /> });
  const columns: Column<T>[] = [
    { name: 'VAT period', cell: ({ from, to }) => <span className={styles.whole}>{formatDays(from, to)}</span> },
    box('Box 1: VAT on sales', ({ box1 }) => box1),
    box('Box 4: VAT reclaimed', ({ box4 }) => box4),
    ...(rows.some(({ box5 }) => box5) ? [box('Box 5: to pay', ({ box5 }) => box5)] : []),
    box('Box 6: net sales', ({ box6 }) => box6),
    box('Box 7: net purchases', ({ box7 }) => box7),
  ];
  return <PlainTable label={label} columns={[...columns, ...more]} rows={rows} rowKey={({ from, to, box1 }) => `${from}/${to}/${box1.currency}`} />;
}
