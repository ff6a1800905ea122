import { createRoute, redirect } from '@tanstack/react-router';
import { sessionQuery } from '../api/queries';
import { ApiError } from '../api/problem';
import { Shell } from '../components/Shell';
import { Live } from '../lib/live';
import { LiveProvider } from '../lib/use-live';
import { NotFound, rootRoute, RouteFailed } from './root';

const live = new Live();

/** Everything that needs somebody signed in. */
export const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'console',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
    }
  },
  component: () => (
    <LiveProvider live={live}>
      <Shell />
    </LiveProvider>
  ),
  notFoundComponent: NotFound,
  errorComponent: RouteFailed,
});
