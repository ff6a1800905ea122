import { Button } from '@mantine/core';
import { createRootRouteWithContext, Link, Outlet, type ErrorComponentProps } from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { Page } from '../components/Page';
import { Panel } from '../components/Panel';
import { Failed } from '../components/States';

/** What every route can use. */
export type RouterContext = { queries: QueryClient };

export const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteFailed });

export function NotFound() {
  return (
    <Page title="There is no such page">
      <p>The address may be mistyped, or from another version of the console.</p>
      <div>
        <Button renderRoot={(props) => <Link to="/" {...props} />}>Go to the overview</Button>
      </div>
    </Page>
  );
}

/** A page that failed as a whole: the server was not reached, or we made a mistake. */
export function RouteFailed({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="This page failed">
      <Panel title="What happened">
        <Failed what="The page did not load" error={error} onRetry={reset} />
      </Panel>
    </Page>
  );
}
