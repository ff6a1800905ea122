/** Keyboard shortcuts. Single keys act only where nobody types, and can be switched off (WCAG 2.1.4). */
import { useEffect, useRef, useSyncExternalStore } from 'react';

/** `/`, `j`, `?`, or `mod+k` (Ctrl or Command). */
export type Keys = Record<string, (event: KeyboardEvent) => void>;

const STORED = 'tillbridge-keys';
const watchers = new Set<() => void>();

/** Runs what belongs to a pressed key, while shortcuts are on. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const act = latest.current[nameOf(event)];
      if (!act || event.defaultPrevented || !areKeysOn() || !isFree(event)) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}

export function useKeysOn(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, areKeysOn);
  return [on, setKeysOn];
}

function nameOf(event: KeyboardEvent): string {
  if ((event.ctrlKey || event.metaKey) && !event.altKey) return `mod+${event.key.toLowerCase()}`;
  return event.altKey ? '' : event.key;
}

/** A combination is free everywhere; a single key only outside fields and dialogs. */
function isFree(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return true;
  const target = event.target instanceof Element ? event.target : null;
  return !target?.closest('input, textarea, select, [contenteditable="true"], dialog');
}

function areKeysOn(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

function setKeysOn(on: boolean): void {
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
  }
  for (const watcher of watchers) watcher();
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
