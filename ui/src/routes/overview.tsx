import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createRoute, Link } from '@tanstack/react-router';
import type { Overview } from '../api/client';
import { overviewQuery } from '../api/queries';
import { Announcer } from '../components/Announcer';
import { Connections } from '../components/Connections';
import { DayFigures } from '../components/DayFigures';
import { Page } from '../components/Page';
import { Panel } from '../components/Panel';
import { Prose } from '../components/Prose';
import { Posting } from '../components/Posting';
import { Failed, Loading } from '../components/States';
import { Throughput } from '../components/Throughput';
import { Verdict } from '../components/Verdict';
import { formatDay } from '../lib/time';
import { standing } from '../lib/verdict';
import { consoleRoute } from './console';
import styles from './overview.module.css';

export const overviewRoute = createRoute({ getParentRoute: () => consoleRoute, path: '/', component: OverviewPage });

/** Whether money is moving as it should, and if not, what to do first. */
function OverviewPage() {
  const { data, error, refetch } = useQuery(overviewQuery);
  return (
    <Page title="Overview" aside={data && <span className="secondary">{formatDay(data.day)}, UK time</span>}>
      {data && <Board overview={data} />}
      {!data && error && <Panel title="Overview"><Failed what="The overview did not load" error={error} onRetry={() => void refetch()} /></Panel>}
      {!data && !error && <Loading rows={4} height={96} />}
    </Page>
  );
}

function Board({ overview }: { overview: Overview }) {
  const { day, orders, connections, throughput } = overview;
  const { tone, lead, more, act } = standing(overview);
  return (
    <>
      <Announcer text={`${lead} ${more}`} />
      <Verdict tone={tone} lead={lead} action={act && <NextAction act={act} />}><Prose text={more} /></Verdict>
      <Panel title="Orders placed today" live><DayFigures day={day} orders={orders} /></Panel>
      <div className={styles.columns}>
        <Panel title="Into the books" live><Posting overview={overview} /></Panel>
        <div className={styles.stack}>
          <Panel title="Connections" live>
            <div id="connections"><Connections connections={connections} /></div>
          </Panel>
          <Panel title="Invoices in the last hour" live><Throughput minutes={throughput} /></Panel>
        </div>
      </div>
    </>
  );
}

function NextAction({ act }: { act: 'connections' | 'review' }) {
  if (act === 'review') return <Button renderRoot={(props) => <Link to="/review" {...props} />}>Open the review list</Button>;
  return <Button component="a" href="#connections">See what to do</Button>;
}
