import { Kbd, Switch } from '@mantine/core';
import { useKeysOn } from '../lib/keys';
import { Dialog } from './Dialog';
import styles from './KeysDialog.module.css';

const LIST: [string[], string][] = [
  [['/'], 'Search orders'],
  [['j'], 'Next row'],
  [['k'], 'Previous row'],
  [['Enter'], 'Open the row'],
  [['Ctrl', 'K'], 'Command palette (⌘ K on a Mac)'],
  [['p'], 'Pause or resume live updates'],
  [['?'], 'This list'],
];

/** Which keys do what, and the switch that turns them off. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const [on, setOn] = useKeysOn();
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className={styles.keys}>
        {LIST.map(([keys, does]) => (
          <div key={does}>
            <dt>{keys.map((key) => <Kbd key={key}>{key}</Kbd>)}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Switch checked={on} onChange={(event) => setOn(event.currentTarget.checked)} label="Shortcuts are on in this browser" />
    </Dialog>
  );
}
