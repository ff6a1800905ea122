import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { Loading } from './components/States';
import { consoleRoute } from './routes/console';
import { orderRoute } from './routes/orders/order';
import { ordersRoute } from './routes/orders/list';
import { overviewRoute } from './routes/overview';
import { ownerRoute } from './routes/owner';
import { reviewRoute } from './routes/review';
import { rootRoute } from './routes/root';
import { runRoute } from './routes/runs/run';
import { runsRoute } from './routes/runs/list';
import { settlementRoute } from './routes/settlements/settlement';
import { settlementsRoute } from './routes/settlements/list';
import { vatRoute } from './routes/settlements/vat';
import { parseSearch, stringifySearch } from './routes/search';
import { signInRoute } from './routes/sign-in';

const routeTree = rootRoute.addChildren([
  signInRoute,
  ownerRoute,
  consoleRoute.addChildren([overviewRoute, ordersRoute, orderRoute, settlementsRoute, settlementRoute, vatRoute, reviewRoute, runsRoute, runRoute]),
]);

/** All pages. Their addresses are what people bookmark and send: they change with a redirect or not at all. */
export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultPreload: false,
    defaultPendingComponent: Loading,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
