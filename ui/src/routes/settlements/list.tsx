import { Button, NativeSelect } from '@mantine/core';
import { createRoute, Link, useNavigate } from '@tanstack/react-router';
import type { SettlementHead } from '../../api/client';
import { settlementsList, type SettlementFilter } from '../../api/queries';
import { Amount } from '../../components/Amount';
import { Badge } from '../../components/Badge';
import { LongList } from '../../components/LongList';
import type { Column } from '../../components/LongTable';
import { Page } from '../../components/Page';
import { Empty } from '../../components/States';
import { UploadSettlement } from '../../components/UploadSettlement';
import { settlementKey } from '../../lib/settlement';
import { formatPeriod } from '../../lib/time';
import { useList } from '../../lib/use-list';
import { grouped, said, sentence, wordsOf } from '../../lib/words';
import frame from '../../components/ListFrame.module.css';
import { consoleRoute } from '../console';
import { settlementFilter } from '../search';

export const settlementsRoute = createRoute({ getParentRoute: () => consoleRoute, path: '/settlements', validateSearch: settlementFilter, component: SettlementsPage });

const COLUMNS: Column<SettlementHead>[] = [
  {
    name: 'Period',
    width: '11.5rem',
    cell: ({ pair, currency, id, from, to }) => (
      <Link to="/settlements/$pair/$currency/$id" params={{ pair, currency, id }} data-row>
        {formatPeriod(from, to)}
        <span className="hidden-text">, settlement {id} in {currency}</span>
      </Link>
    ),
  },
  { name: 'Settlement', width: '8.5rem', from: 'medium', cell: ({ id }) => <span className="tabular">{id}</span> },
  { name: 'Currency', width: '5.25rem', from: 'wide', cell: ({ currency }) => currency },
  { name: 'Stage', width: '8.5rem', cell: ({ stage }) => <Badge of="settlement" word={stage} /> },
  { name: 'Total', width: '7rem', number: true, from: 'medium', cell: ({ total }) => <Amount value={total} /> },
  { name: 'Documents', width: '6.25rem', number: true, from: 'wide', cell: ({ documents }) => (documents == null ? <Unknown /> : grouped(documents)) },
  { name: 'On suspense', width: '6.75rem', number: true, from: 'wide', cell: ({ in_suspense }) => (in_suspense == null ? <Unknown /> : grouped(in_suspense)) },
  { name: 'Clearing after', width: '7.5rem', number: true, from: 'medium', cell: ({ clearing_after }) => (clearing_after ? <Amount value={clearing_after} /> : <Unknown />) },
  { name: 'Why', from: 'wide', cell: ({ stage_reason }) => stage_reason && <span title={sentence(stage_reason)}>{sentence(stage_reason)}</span> },
];

/** What is not decided is not known, which is neither none nor zero. */
function Unknown() {
  return <span className="secondary">not decided</span>;
}

/** All settlements, newest period first. */
function SettlementsPage() {
  const filter = settlementsRoute.useSearch();
  const navigate = useNavigate();
  const { loaded, head, showNews } = useList(settlementsList(filter), (page) => page.settlements);
  const change = (search: SettlementFilter) => void navigate({ to: '/settlements', search });
  const stages = wordsOf('settlement').map((value) => ({ value, label: said('settlement', value).label }));
  return (
    <Page title="Settlements" aside={<Link to="/settlements/vat">VAT preview</Link>}>
      <UploadSettlement />
      <div className={frame.filters} role="group" aria-label="Filters">
        <NativeSelect label="Stage" data={[{ value: '', label: 'Any stage' }, ...stages]} value={filter.stage ?? ''} onChange={(event) => change({ stage: (event.currentTarget.value || undefined) as SettlementFilter['stage'] })} />
      </div>
      <LongList
        // Another filter is another list: it begins at its top.
        key={JSON.stringify(filter)}
        label="Settlements, newest period first"
        what={['settlement', 'settlements']}
        loaded={loaded}
        head={head}
        showNews={showNews}
        columns={COLUMNS}
        rowKey={settlementKey}
        empty={
          filter.stage ? (
            <Empty action={<Button variant="default" size="xs" onClick={() => change({})}>Show all settlements</Button>}>No settlement is at this stage.</Empty>
          ) : (
            <Empty action={<Button variant="default" size="xs" renderRoot={(props) => <Link to="/" hash="connections" {...props} />}>Check the connections</Button>}>
              No settlement was received yet. Amazon closes one every two weeks; it appears here when its report is there. One that you downloaded can be handed in above.
            </Empty>
          )
        }
      />
    </Page>
  );
}
