import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { createRoute, Link, useNavigate } from '@tanstack/react-router';
import type { RunSummary } from '../../api/client';
import { runsList, type RunFilter } from '../../api/queries';
import { Badge } from '../../components/Badge';
import { LongList } from '../../components/LongList';
import type { Column } from '../../components/LongTable';
import { Moment } from '../../components/Moment';
import { Page } from '../../components/Page';
import { Empty } from '../../components/States';
import { useList } from '../../lib/use-list';
import { said, why, wordsOf } from '../../lib/words';
import frame from '../../components/ListFrame.module.css';
import { consoleRoute } from '../console';
import { runFilter } from '../search';

export const runsRoute = createRoute({ getParentRoute: () => consoleRoute, path: '/runs', validateSearch: runFilter, component: RunsPage });

const COLUMNS: Column<RunSummary>[] = [
  { name: 'When', width: '9.5rem', cell: ({ id, at }) => <Link to="/runs/$id" params={{ id }} data-row><Moment at={at} short /></Link> },
  { name: 'Outcome', width: '12.5rem', cell: ({ outcome }) => <Badge of="outcome" word={outcome} /> },
  { name: 'Order', width: '11.5rem', from: 'medium', cell: ({ pair, subject }) => <Link to="/orders/$pair/$orderId" params={{ pair, orderId: subject }} className="tabular">{subject}</Link> },
  { name: 'Why', from: 'medium', cell: ({ outcome, reason }) => <span title={why(outcome, reason)}>{why(outcome, reason)}</span> },
  { name: 'Flow', width: '12.5rem', from: 'wide', cell: ({ flow, flow_version }) => `${flow} v${flow_version}` },
];

/** Every decision a flow made, newest first. */
function RunsPage() {
  const filter = runsRoute.useSearch();
  const navigate = useNavigate();
  const { loaded, head, showNews } = useList(runsList(filter), (page) => page.runs);
  const set = (part: RunFilter, replace = false) => void navigate({ to: '/runs', search: { ...filter, ...part }, replace });
  const setSubject = useDebouncedCallback((subject: string) => set({ subject: subject || undefined }, true), 250);
  const outcomes = wordsOf('outcome').map((value) => ({ value, label: said('outcome', value).label }));
  return (
    <Page title="Runs">
      <div className={frame.filters} role="group" aria-label="Filters">
        <NativeSelect label="Outcome" data={[{ value: '', label: 'Any outcome' }, ...outcomes]} value={filter.outcome ?? ''} onChange={(event) => set({ outcome: event.currentTarget.value || undefined })} />
        <TextInput type="search" label="Order id begins with" defaultValue={filter.subject ?? ''} onChange={(event) => setSubject(event.currentTarget.value)} />
      </div>
      <LongList
        key={JSON.stringify(filter)}
        label="Runs, newest first"
        what={['run', 'runs']}
        loaded={loaded}
        head={head}
        showNews={showNews}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        empty={
          <Empty action={<Button size="xs" variant="default" renderRoot={(props) => <Link to="/orders" {...props} />}>Go to the orders</Button>}>
            No decision matches. Each order that changes is decided again, and every decision is kept here.
          </Empty>
        }
      />
    </Page>
  );
}
