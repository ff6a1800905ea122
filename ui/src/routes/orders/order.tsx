import { useQuery } from '@tanstack/react-query';
import { createRoute, Link } from '@tanstack/react-router';
import type { OrderDetail } from '../../api/client';
import { orderQuery } from '../../api/queries';
import { Amount } from '../../components/Amount';
import { Badge } from '../../components/Badge';
import { Moment } from '../../components/Moment';
import { Page } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Prose } from '../../components/Prose';
import { RetryOrder } from '../../components/RetryOrder';
import { Empty, Failed, Loading } from '../../components/States';
import { Timeline } from '../../components/Timeline';
import { Verdict } from '../../components/Verdict';
import { said } from '../../lib/words';
import { consoleRoute } from '../console';
import styles from './order.module.css';

export const orderRoute = createRoute({ getParentRoute: () => consoleRoute, path: '/orders/$pair/$orderId', component: OrderPage });

/** Where an order is, why, and everything that happened to it. */
function OrderPage() {
  const { pair, orderId } = orderRoute.useParams();
  const { data, error, refetch } = useQuery(orderQuery(pair, orderId));
  return (
    <Page
      title={`Order ${orderId}`}
      heading={<span className={styles.heading}>Order {orderId} {data && <Badge of="stage" word={data.order.stage} />}</span>}
      aside={<Link to="/orders">All orders</Link>}
    >
      {data && <Detail detail={data} />}
      {!data && error && <Panel title="Order"><Failed what="The order did not load" error={error} onRetry={() => void refetch()} /></Panel>}
      {!data && !error && <Loading rows={4} height={72} />}
    </Page>
  );
}

function Detail({ detail: { order, explanation, next_action, can_retry, timeline } }: { detail: OrderDetail }) {
  const { pair, order_id, documents, marketplace, fulfilment, business, status, total } = order;
  return (
    <>
      <Verdict tone={said('stage', order.stage).tone} lead={<Prose text={explanation} />} action={can_retry && <RetryOrder pair={pair} orderId={order_id} />}>
        {next_action && <>What to do: <Prose text={next_action} /></>}
      </Verdict>
      <Panel title="In short" live>
        <dl className={styles.summary}>
          <div><dt>Amazon states as total</dt><dd><Amount value={total} /></dd></div>
          <div><dt>Documents in KashFlow</dt><dd>{documents.length > 0 ? documents.join(', ') : 'none yet'}</dd></div>
          <div><dt>Status on Amazon</dt><dd>{status}</dd></div>
          <div><dt>Marketplace</dt><dd>{marketplace}</dd></div>
          <div><dt>Fulfilment</dt><dd>{fulfilment}</dd></div>
          <div><dt>Buyer</dt><dd>{business ? 'a business' : 'a consumer'}</dd></div>
          <div><dt>Placed</dt><dd><Moment at={order.placed_at} /></dd></div>
          <div><dt>First heard of</dt><dd><Moment at={order.first_seen_at} /></dd></div>
          <div><dt>Invoiced</dt><dd><Moment at={order.invoiced_at} unknown="not yet" /></dd></div>
        </dl>
      </Panel>
      <Panel title="What happened" live>
        {timeline.length > 0 ? <Timeline entries={timeline} /> : <Empty>Nothing is recorded for this order yet.</Empty>}
      </Panel>
    </>
  );
}
