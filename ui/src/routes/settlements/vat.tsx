import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createRoute, Link } from '@tanstack/react-router';
import type { SettlementHead, VatPeriod } from '../../api/client';
import { vatQuery } from '../../api/queries';
import { Amount } from '../../components/Amount';
import { Badge } from '../../components/Badge';
import type { Column } from '../../components/LongTable';
import { Page } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { PlainTable } from '../../components/PlainTable';
import { Empty, Failed, Loading } from '../../components/States';
import { VatTable } from '../../components/VatTable';
import { settlementKey } from '../../lib/settlement';
import { formatPeriod } from '../../lib/time';
import { count } from '../../lib/words';
import { consoleRoute } from '../console';

export const vatRoute = createRoute({ getParentRoute: () => consoleRoute, path: '/settlements/vat', component: VatPage });

const MORE: Column<VatPeriod>[] = [
  { name: 'From', cell: ({ settlements, unposted }) => `${count(settlements, 'settlement')}${unposted > 0 ? `, ${unposted} not wholly in the books` : ''}` },
];

const LEFT_OUT: Column<SettlementHead>[] = [
  { name: 'Settlement', cell: ({ pair, currency, id }) => <Link to="/settlements/$pair/$currency/$id" params={{ pair, currency, id }}>{id} in {currency}</Link> },
  { name: 'Period', cell: ({ from, to }) => formatPeriod(from, to) },
  { name: 'Stage', cell: ({ stage }) => <Badge of="settlement" word={stage} /> },
  { name: 'Total', number: true, cell: ({ total }) => <Amount value={total} /> },
];

/** What settlements put into VAT returns, by period, and what is not in the figures. */
function VatPage() {
  const { data, error, refetch } = useQuery(vatQuery);
  const pairs = [...new Set(data?.periods.map(({ pair }) => pair))];
  return (
    <Page title="VAT preview" aside={<Link to="/settlements">All settlements</Link>}>
      <p>What the documents of the last 500 days’ settlements put into your VAT returns. Sales and purchases from elsewhere are not in it: the return itself is made in KashFlow.</p>
      {!data && error && <Failed what="The preview did not load" error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={4} height={32} />}
      {data?.periods.length === 0 && (
        <Empty action={<Button variant="default" size="xs" renderRoot={(props) => <Link to="/settlements" {...props} />}>Go to the settlements</Button>}>
          No decided settlement puts anything into a VAT return.
        </Empty>
      )}
      {data && pairs.map((pair) => (
        <Panel key={pair} title={pairs.length > 1 ? `Periods of ${pair}` : 'Periods'} live>
          <VatTable label={`VAT periods of ${pair}`} rows={data.periods.filter((period) => period.pair === pair)} more={MORE} />
        </Panel>
      ))}
      {data && data.left_out.length > 0 && (
        <Panel title="Not in these figures" live>
          <p>The VAT of {count(data.left_out.length, 'settlement')} is not known yet, so the figures will change.</p>
          <PlainTable label="Settlements that are in no figure" columns={LEFT_OUT} rows={data.left_out} rowKey={settlementKey} />
        </Panel>
      )}
    </Page>
  );
}
