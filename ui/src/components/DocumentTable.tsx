import type { BookDocument } from '../lib/documents';
import { formatDate } from '../lib/time';
import { Amount } from './Amount';
import styles from './DocumentTable.module.css';

type DocumentTableProps = { document: BookDocument; caption: string };

/** A draft or a receipt as a bookkeeper reads it: whom, when, what, and the sums. */
export function DocumentTable({ document, caption }: DocumentTableProps) {
  const { reference, customer, issuedOn, lines, net, vat, gross, paid, rate } = document;
  const described = lines.some((line) => line.text !== null);
  return (
    <div>
      <dl className={styles.facts}>
        <Fact name="Reference">{reference}</Fact>
        <Fact name="Customer">{customer}</Fact>
        <Fact name="Date (tax point)">{formatDate(issuedOn)}</Fact>
        <Fact name="Paid into clearing">{paid ? <Amount value={paid} /> : 'no payment'}</Fact>
        {rate && <Fact name="Exchange rate">{rate}</Fact>}
      </dl>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <caption className="hidden-text">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{described ? 'Line' : 'Account'}</th>
              {described && <th scope="col" className={styles.minor}>Account</th>}
              <th scope="col" className={styles.number}>Net</th>
              <th scope="col" className={`${styles.number} ${styles.minor}`}>Rate</th>
              <th scope="col" className={styles.number}>VAT</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, index) => (
              <tr key={index}>
                <td>{described ? `${line.quantity ?? '?'} × ${line.text ?? 'no text'}` : line.account}</td>
                {described && <td className={styles.minor}>{line.account}</td>}
                <td className={styles.number}><Amount value={line.net} /></td>
                <td className={`${styles.number} ${styles.minor}`}>{line.vatRate}</td>
                <td className={styles.number}><Amount value={line.vat} /></td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Total <Amount value={gross} /></th>
              {described && <td className={styles.minor} />}
              <td className={styles.number}><Amount value={net} /></td>
              <td className={styles.minor} />
              <td className={styles.number}><Amount value={vat} /></td>
            </tr>
          </tfoot>
        </table>
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
