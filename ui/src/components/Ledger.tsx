import type { Money, SettlementDetail } from '../api/client';
import { Amount } from './Amount';
import { PlainTable } from './PlainTable';
import styles from './DocumentTable.module.css';

type Line = SettlementDetail['ledger'][number];

/** What all documents do to each account. Debits and credits must be equal; the last line shows that they are. */
export function Ledger({ ledger }: { ledger: Line[] }) {
  return (
    <PlainTable
      label="Ledger"
      columns={[
        { name: 'Account', cell: ({ account, title }: Line) => (title.startsWith(account) ? title : `${account} ${title}`) },
        { name: 'Debit', number: true, cell: ({ amount }) => amount.minor > 0 && <Amount value={amount} /> },
        { name: 'Credit', number: true, cell: ({ amount }) => amount.minor < 0 && <Amount value={{ ...amount, minor: -amount.minor }} /> },
      ]}
      rows={ledger}
      rowKey={({ account, amount }) => `${account}/${amount.currency}`}
      foot={totals(ledger).map(({ debit, credit }) => (
        <tr key={debit.currency}>
          <th scope="row">Total</th>
          <td className={styles.number}><Amount value={debit} /></td>
          <td className={styles.number}><Amount value={credit} /></td>
        </tr>
      ))}
    />
  );
}

/** Debits and credits of each currency. */
export function totals(ledger: Line[]): { debit: Money; credit: Money }[] {
  const currencies = [...new Set(ledger.map(({ amount }) => amount.currency))];
  return currencies.map((currency) => {
    const amounts = ledger.map(({ amount }) => amount).filter((amount) => amount.currency === currency);
    const sum = (sign: 1 | -1) => amounts.reduce((total, { minor }) => total + Math.max(0, sign * minor), 0);
    return { debit: { ...amounts[0]!, minor: sum(1) }, credit: { ...amounts[0]!, minor: sum(-1) } };
  });
}
