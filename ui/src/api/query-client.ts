import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './problem';

const RETRIES = 2;

/** The cache of answers. `onSignedOut` is called when the server no longer knows the session. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // The question "who is signed in?" is answered by the router itself.
        if (isSignedOut(error) && query.queryKey[0] !== 'session') leave();
      },
    }),
    mutationCache: new MutationCache({
      onError: (error) => {
        if (isSignedOut(error)) leave();
      },
    }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < RETRIES && mayPass(error),
        // The live stream says when to ask again.
        refetchOnWindowFocus: false,
        staleTime: 5_000,
      },
    },
  });
  const leave = () => {
    client.removeQueries({ queryKey: ['session'] });
    onSignedOut();
  };
  return client;
}

function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'not_signed_in';
}

/** Whether the same question may have another answer in a moment. */
function mayPass(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}
