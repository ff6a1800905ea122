import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Listed } from '../api/queries';
import type { Loaded } from '../components/LongList';

type Page = { next?: string | null };

/** A list that is paged, and beside it its newest page, which is asked for again on live events. */
export function useList<P extends Page, T>({ key, page }: Listed<P>, rowsOf: (page: P) => T[]) {
  const queries = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ signal, pageParam }) => page(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    // A list is as new as its reader wants it: `showNews` begins it again.
    staleTime: 60_000,
  });
  const { data: newest } = useQuery({
    queryKey: ['live', ...key],
    queryFn: ({ signal }) => page(undefined, signal),
    enabled: list.isSuccess,
  });
  const loaded: Loaded<T> = {
    rows: list.data?.pages.flatMap(rowsOf),
    error: list.error,
    hasMore: list.hasNextPage && !list.isFetchNextPageError,
    isMore: list.isFetchingNextPage,
    loadMore: () => void list.fetchNextPage(),
    retry: () => void list.refetch(),
  };
  /** Begins the list again with its newest page. */
  const showNews = () => {
    if (newest) queries.setQueryData(key, { pages: [newest], pageParams: [undefined] });
  };
  return { loaded, head: newest && rowsOf(newest), newest: newest ?? list.data?.pages[0], showNews };
}
