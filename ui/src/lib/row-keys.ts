import { useKeys } from './keys';

/** `j` and `k` move between the rows of the page: everything that carries `data-row`. Enter then opens it, as any link. */
export function useRowKeys(): void {
  useKeys({ j: () => move(1), k: () => move(-1) });
}

function move(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at < 0 ? rows.find(isInView) ?? rows[0] : rows[at + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function isInView(row: HTMLElement): boolean {
  const { top, bottom } = row.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}
