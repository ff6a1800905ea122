import { useQuery } from '@tanstack/react-query';
import { createRoute, Link } from '@tanstack/react-router';
import { runQuery } from '../../api/queries';
import { Badge } from '../../components/Badge';
import { Moment } from '../../components/Moment';
import { Page } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Prose } from '../../components/Prose';
import { Failed, Loading } from '../../components/States';
import { Trace } from '../../components/Trace';
import { Verdict } from '../../components/Verdict';
import { said, why } from '../../lib/words';
import { consoleRoute } from '../console';
import styles from '../orders/order.module.css';

export const runRoute = createRoute({ getParentRoute: () => consoleRoute, path: '/runs/$id', component: RunPage });

/** One decision: what came of it, and every step on the way. */
function RunPage() {
  const { id } = runRoute.useParams();
  const { data: run, error, refetch } = useQuery(runQuery(id));
  const title = run ? `Run for order ${run.subject}` : 'Run';
  return (
    <Page
      title={title}
      heading={<span className={styles.heading}>{title} {run && <Badge of="outcome" word={run.outcome} />}</span>}
      aside={<Link to="/runs">All runs</Link>}
    >
      {run && (
        <>
          <Verdict
            tone={said('outcome', run.outcome).tone}
            lead={run.reason ? <Prose text={why(run.outcome, run.reason)} /> : said('outcome', run.outcome).label}
            action={<Link to="/orders/$pair/$orderId" params={{ pair: run.pair, orderId: run.subject }}>Open the order</Link>}
          >
            Decided <Moment at={run.at} /> by flow {run.flow} version {run.flow_version} with mapping version {run.mapping_version}.
          </Verdict>
          <Panel title="Step by step"><Trace steps={run.trace} /></Panel>
        </>
      )}
      {!run && error && <Panel title="Run"><Failed what="The run did not load" error={error} onRetry={() => void refetch()} /></Panel>}
      {!run && !error && <Loading rows={4} height={64} />}
    </Page>
  );
}
