import { useQuery } from '@tanstack/react-query';
import { createRoute, Link } from '@tanstack/react-router';
import type { SettlementDetail } from '../../api/client';
import { settlementQuery } from '../../api/queries';
import { Amount } from '../../components/Amount';
import { Badge } from '../../components/Badge';
import { Ledger } from '../../components/Ledger';
import { Moment } from '../../components/Moment';
import { Page } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Prose } from '../../components/Prose';
import { ReviewItem } from '../../components/ReviewItem';
import { SettlementDocuments } from '../../components/SettlementDocuments';
import { SettlementProblems, SettlementTasks } from '../../components/SettlementTasks';
import { RetrySettlement } from '../../components/RetrySettlement';
import { Failed, Loading } from '../../components/States';
import { UnreadableRows } from '../../components/UnreadableRows';
import { VatTable } from '../../components/VatTable';
import { Verdict } from '../../components/Verdict';
import { Waterfall } from '../../components/Waterfall';
import { canRetry, modeName, settlementStanding } from '../../lib/settlement';
import { formatPeriod } from '../../lib/time';
import { grouped } from '../../lib/words';
import items from '../../components/ReviewItem.module.css';
import styles from '../orders/order.module.css';
import { consoleRoute } from '../console';

export const settlementRoute = createRoute({ getParentRoute: () => consoleRoute, path: '/settlements/$pair/$currency/$id', component: SettlementPage });

/** Where a settlement is, what it becomes in the books, and what waits for a person. */
function SettlementPage() {
  const key = settlementRoute.useParams();
  const { data, error, refetch } = useQuery(settlementQuery(key));
  return (
    <Page
      title={`Settlement ${key.id}`}
      heading={<span className={styles.heading}>Settlement {key.id} {data && <Badge of="settlement" word={data.settlement.stage} />}</span>}
      aside={<Link to="/settlements">All settlements</Link>}
    >
      {data && <Detail detail={data} />}
      {!data && error && <Panel title="Settlement"><Failed what="The settlement did not load" error={error} onRetry={() => void refetch()} /></Panel>}
      {!data && !error && <Loading rows={4} height={72} />}
    </Page>
  );
}

function Detail({ detail }: { detail: SettlementDetail }) {
  const { tone, lead, more, next } = settlementStanding(detail);
  const { settlement, clearing, waterfall, ledger, tasks, problems, unreadable, vat, reviews, unread } = detail;
  return (
    <>
      <Verdict tone={tone} lead={<Prose text={lead} />} action={canRetry(detail) && <RetrySettlement of={settlement} />}>
        <Prose text={more} />
        {next && <> What to do: <Prose text={next} /></>}
      </Verdict>
      {unread.length > 0 && (
        <Panel title="Not shown">
          <p>These parts of its record could not be read, so they are left out whole: {unread.join(', ')}. Update Tillbridge if it is older than its data; the books are not affected.</p>
        </Panel>
      )}
      <InShort detail={detail} />
      {problems.length > 0 && <Panel title="Problems"><SettlementProblems problems={problems} /></Panel>}
      {unreadable.length > 0 && <Panel title="Amounts that cannot be read"><UnreadableRows of={settlement} rows={unreadable} /></Panel>}
      {reviews.length > 0 && (
        <Panel title="Open items" live>
          <ul className={items.list}>{reviews.map((item) => <li key={item.id}><ReviewItem item={item} /></li>)}</ul>
        </Panel>
      )}
      {waterfall.length > 0 && <Panel title="From sales to the payout"><Waterfall steps={waterfall} clearing={clearing} /></Panel>}
      {(tasks.length > 0 || clearing) && <Panel title="Rows to look at"><SettlementTasks tasks={tasks} /></Panel>}
      <Panel title="Documents" live><SettlementDocuments {...detail} /></Panel>
      {ledger.length > 0 && <Panel title="Ledger"><Ledger ledger={ledger} /></Panel>}
      {vat.length > 0 && (
        <Panel title="VAT" actions={<Link to="/settlements/vat">All periods</Link>}>
          <VatTable label="VAT of this settlement" rows={vat} />
        </Panel>
      )}
    </>
  );
}

function InShort({ detail: { settlement, format, clearing } }: { detail: SettlementDetail }) {
  const { from, to, total, rows, mode, source, deposit_on, first_seen_at, posted_at, pair } = settlement;
  return (
    <Panel title="In short" live>
      <dl className={styles.summary}>
        <div><dt>Period</dt><dd>{formatPeriod(from, to)}</dd></div>
        <div><dt>Amazon states as total</dt><dd><Amount value={total} /></dd></div>
        <div><dt>Payout initiated</dt><dd><Moment at={deposit_on} unknown="not stated" /></dd></div>
        <div><dt>On clearing before</dt><dd>{clearing ? <Amount value={clearing.before} /> : 'not decided'}</dd></div>
        <div><dt>On clearing after</dt><dd>{clearing ? <Amount value={clearing.after} /> : 'not decided'}</dd></div>
        <div><dt>Posted as</dt><dd>{modeName(mode)}</dd></div>
        <div><dt>Rows with an amount</dt><dd>{grouped(rows)}</dd></div>
        <div><dt>Came from</dt><dd>{source === 'upload' ? 'an upload' : source === 'marketplace' ? 'Amazon' : source}{format && ` (${format})`}</dd></div>
        <div><dt>Pair</dt><dd>{pair}</dd></div>
        <div><dt>First seen</dt><dd><Moment at={first_seen_at} /></dd></div>
        <div><dt>In the books</dt><dd><Moment at={posted_at} unknown="not yet" /></dd></div>
      </dl>
    </Panel>
  );
}
