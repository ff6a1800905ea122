import { Button } from '@mantine/core';
import { createRoute, Link, useNavigate } from '@tanstack/react-router';
import type { OrderSummary } from '../../api/client';
import { ordersList, type OrderFilter } from '../../api/queries';
import { Amount } from '../../components/Amount';
import { Badge } from '../../components/Badge';
import { LongList } from '../../components/LongList';
import type { Column } from '../../components/LongTable';
import { Moment } from '../../components/Moment';
import { marketplacesOf, OrderFilters } from '../../components/OrderFilters';
import { Page } from '../../components/Page';
import { Empty } from '../../components/States';
import { useList } from '../../lib/use-list';
import { why } from '../../lib/words';
import { consoleRoute } from '../console';
import { orderFilter } from '../search';

export const ordersRoute = createRoute({ getParentRoute: () => consoleRoute, path: '/orders', validateSearch: orderFilter, component: OrdersPage });

const COLUMNS: Column<OrderSummary>[] = [
  {
    name: 'Order',
    width: '11.5rem',
    cell: ({ pair, order_id }) => <Link to="/orders/$pair/$orderId" params={{ pair, orderId: order_id }} className="tabular" data-row>{order_id}</Link>,
  },
  { name: 'Stage', width: '9rem', cell: ({ stage }) => <Badge of="stage" word={stage} /> },
  { name: 'Total', width: '6.25rem', number: true, from: 'medium', cell: ({ total }) => <Amount value={total} /> },
  { name: 'Documents', width: '6rem', from: 'medium', cell: ({ documents }) => (documents.length > 0 ? documents.join(', ') : 'none yet') },
  { name: 'Placed', width: '9.5rem', from: 'medium', cell: ({ placed_at }) => <Moment at={placed_at} short /> },
  { name: 'Marketplace', width: '7.5rem', from: 'wide', cell: ({ marketplace }) => marketplace },
  { name: 'Fulfilment', width: '5.75rem', from: 'wide', cell: ({ fulfilment }) => fulfilment },
  { name: 'Why', from: 'wide', cell: ({ stage, stage_reason }) => <span title={why(stage, stage_reason)}>{why(stage, stage_reason)}</span> },
];

const keyOf = ({ pair, order_id }: OrderSummary) => `${pair}/${order_id}`;

/** All orders, newest first: search, filter, open. */
function OrdersPage() {
  const filter = ordersRoute.useSearch();
  const navigate = useNavigate();
  const { loaded, head, newest, showNews } = useList(ordersList(filter), (page) => page.orders);
  const change = (search: OrderFilter) => void navigate({ to: '/orders', search });
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Page title="Orders">
      <OrderFilters filter={filter} marketplaces={marketplacesOf([filter.marketplace, ...(loaded.rows ?? []).map(({ marketplace }) => marketplace)])} onChange={change} />
      <LongList
        // Another filter is another list: it begins at its top.
        key={JSON.stringify(filter)}
        label="Orders, newest first"
        what={['order', 'orders']}
        loaded={loaded}
        head={head}
        showNews={showNews}
        columns={COLUMNS}
        rowKey={keyOf}
        total={newest?.total}
        empty={
          isFiltered ? (
            <Empty action={<Button variant="default" size="xs" onClick={() => change({})}>Show all orders</Button>}>No order matches these filters.</Empty>
          ) : (
            <Empty action={<Button variant="default" size="xs" renderRoot={(props) => <Link to="/" hash="connections" {...props} />}>Check the connections</Button>}>
              No order has been heard of yet. Orders appear here within seconds of Amazon telling us.
            </Empty>
          )
        }
      />
    </Page>
  );
}
