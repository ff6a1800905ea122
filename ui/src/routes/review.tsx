import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createRoute, Link, useNavigate } from '@tanstack/react-router';
import { reviewsQuery, type ReviewFilter } from '../api/queries';
import { BreakSums } from '../components/BreakSums';
import { Page } from '../components/Page';
import { ReviewItem } from '../components/ReviewItem';
import { StaleBadge } from '../components/StaleBadge';
import { Empty, Failed, Loading } from '../components/States';
import { useRowKeys } from '../lib/row-keys';
import { count, said, wordsOf } from '../lib/words';
import frame from '../components/ListFrame.module.css';
import styles from '../components/ReviewItem.module.css';
import { consoleRoute } from './console';
import { reviewFilter } from './search';

export const reviewRoute = createRoute({ getParentRoute: () => consoleRoute, path: '/review', validateSearch: reviewFilter, component: ReviewPage });

/** What waits for a person, the oldest first. */
function ReviewPage() {
  useRowKeys();
  const filter = reviewRoute.useSearch();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(reviewsQuery(filter));
  const set = (part: ReviewFilter) => void navigate({ to: '/review', search: { ...filter, ...part } });
  const kinds = wordsOf('kind').map((value) => ({ value, label: said('kind', value).label }));
  const items = data?.reviews;
  return (
    <Page title="Review" aside={<StaleBadge />}>
      <div className={frame.filters} role="group" aria-label="Filters">
        <NativeSelect label="Kind" data={[{ value: '', label: 'Any kind' }, ...kinds]} value={filter.kind ?? ''} onChange={(event) => set({ kind: (event.currentTarget.value || undefined) as ReviewFilter['kind'] })} />
        <NativeSelect label="Show" data={[{ value: '', label: 'Open items' }, { value: 'all', label: 'Open and closed' }]} value={filter.show ?? ''} onChange={(event) => set({ show: event.currentTarget.value === 'all' ? 'all' : undefined })} />
      </div>
      {items && <p className="secondary" role="status">{inWords(items.length, filter)}</p>}
      {items && filter.kind === 'break' && <BreakSums breaks={items.filter(({ closed_at }) => !closed_at)} />}
      {items && items.length > 0 && (
        <ul className={styles.list}>
          {items.map((item) => <li key={item.id}><ReviewItem item={item} /></li>)}
        </ul>
      )}
      {items?.length === 0 && (
        <Empty action={<Button size="xs" variant="default" renderRoot={(props) => <Link to="/" {...props} />}>Go to the overview</Button>}>
          Whatever cannot be decided without you appears here, with its reason and the next step.
        </Empty>
      )}
      {!items && error && <Failed what="The list did not load" error={error} onRetry={() => void refetch()} />}
      {!items && !error && <Loading rows={3} height={120} />}
    </Page>
  );
}

function inWords(items: number, { kind, show }: ReviewFilter): string {
  const of = kind ? ` of the kind “${said('kind', kind).label}”` : '';
  if (items === 0) return show === 'all' ? `There is no item${of}.` : `Nothing${of} needs you.`;
  return show === 'all' ? `${count(items, 'item')}${of}.` : `${count(items, 'item needs', 'items need')} you${of}.`;
}
