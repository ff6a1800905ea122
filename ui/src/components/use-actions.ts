import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { logOut } from '../api/actions';
import { useLive, useLiveState } from '../lib/use-live';
import type { Command } from './Palette';

/** What the top bar and the palette can do, said once. */
export type Actions = ReturnType<typeof useActions>;

export function useActions(showKeys: () => void) {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const scheme = useComputedColorScheme('light');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const live = useLive();
  const paused = useLiveState().status === 'paused';
  const other = scheme === 'dark' ? 'light' : 'dark';
  const toggleScheme = () => setColorScheme(other);
  const toggleLive = () => (paused ? live?.resume() : live?.pause());
  const signOut = async () => {
    // Even if the server cannot be reached, nothing of the books stays on the screen.
    await logOut().catch(() => {});
    await navigate({ to: '/sign-in', search: {} });
    queries.clear();
  };
  const commands: Command[] = [
    { label: `${other === 'dark' ? 'Dark' : 'Light'} colours`, run: toggleScheme },
    { label: paused ? 'Resume live updates' : 'Pause live updates', run: toggleLive },
    { label: 'Keyboard shortcuts', run: showKeys },
    { label: 'Sign out', run: () => void signOut() },
  ];
  return { other, paused, toggleScheme, toggleLive, signOut, showKeys, commands };
}
