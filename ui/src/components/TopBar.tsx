import { ActionIcon } from '@mantine/core';
import { IconKeyboard, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { LiveButton } from './LiveButton';
import { OrderSearch } from './OrderSearch';
import type { Actions } from './use-actions';
import styles from './Shell.module.css';

/** Search for orders, the state of the live stream, and what belongs to the reader: colours, keys, sign-out. */
export function TopBar({ actions }: { actions: Actions }) {
  const { other, toggleScheme, signOut, showKeys } = actions;
  const Scheme = other === 'dark' ? IconMoon : IconSun;
  return (
    <header className={styles.bar}>
      <OrderSearch />
      <LiveButton onToggle={actions.toggleLive} />
      <ActionIcon className={styles.wide} variant="subtle" color="gray" size="lg" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={showKeys}>
        <IconKeyboard size={20} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Use ${other} colours`} title={`Use ${other} colours`} onClick={toggleScheme}>
        <Scheme size={20} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Sign out" title="Sign out" onClick={() => void signOut()}>
        <IconLogout size={20} aria-hidden />
      </ActionIcon>
    </header>
  );
}
