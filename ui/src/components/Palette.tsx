import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState, type KeyboardEvent } from 'react';
import { Dialog } from './Dialog';
import styles from './Palette.module.css';

/** One thing the palette can do. */
export type Command = { label: string; run: () => void };
type PaletteProps = { commands: Command[]; onClose: () => void };

/** Type to find a page or an action; what matches nothing is searched for among the orders. */
export function Palette({ commands, onClose }: PaletteProps) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const navigate = useNavigate();
  const shown = matching(commands, text, (search) => void navigate({ to: '/orders', search: { search } }));
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const pressed = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((at + step + shown.length) % shown.length);
    if (event.key === 'Enter') run(shown[at]);
    if (step !== undefined || event.key === 'Enter') event.preventDefault();
  };
  return (
    <Dialog title="Go to or do" onClose={onClose}>
      <TextInput
        data-autofocus
        role="combobox"
        aria-label="Page, action or order id"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={shown[at] && `${id}-${at}`}
        placeholder="Page, action or order id"
        value={text}
        onKeyDown={pressed}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
      />
      <ul className={styles.list} id={id} role="listbox" aria-label="Pages and actions">
        {shown.map((command, index) => (
          <li key={command.label} id={`${id}-${index}`} role="option" aria-selected={index === at} onClick={() => run(command)}>
            {command.label}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Commands whose label holds all typed words; the search for orders comes last. */
export function matching(commands: Command[], text: string, search: (text: string) => void): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  return words.length > 0 ? [...found, { label: `Search orders for “${text.trim()}”`, run: () => search(text.trim()) }] : found;
}
