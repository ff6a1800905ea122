import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { Live, type LiveState } from './live';

const LiveContext = createContext<Live | null>(null);
const IDLE: LiveState = { status: 'connecting', since: 0 };

/** Runs the live stream while the tab is visible, and asks again for what is shown whenever something changed. */
export function LiveProvider({ live, children }: { live: Live; children: ReactNode }) {
  const queries = useQueryClient();
  useEffect(() => {
    const follow = () => (document.hidden ? live.stop() : live.start());
    follow();
    document.addEventListener('visibilitychange', follow);
    const quiet = live.onChange(() => void queries.invalidateQueries({ queryKey: ['live'] }, { cancelRefetch: false }));
    return () => {
      document.removeEventListener('visibilitychange', follow);
      quiet();
      live.stop();
    };
  }, [live, queries]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** Whether the page is live, and since when. */
export function useLiveState(): LiveState {
  const live = useContext(LiveContext);
  return useSyncExternalStore(live?.subscribe ?? nothing, live?.snapshot ?? idle);
}

/** The stream itself, to pause and resume it. */
export function useLive(): Live | null {
  return useContext(LiveContext);
}

const nothing = () => () => {};
const idle = () => IDLE;
