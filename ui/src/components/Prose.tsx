/** A sentence of the server. What stands between back-ticks is a command or a name, and is set as such. */
export function Prose({ text }: { text: string }) {
  // Odd parts stand between back-ticks; a back-tick without a partner stays as it is.
  const parts = text.split(/`([^`]+)`/);
  return <>{parts.map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</>;
}

/** The text as a sentence: capital first, full stop last. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(capital) || capital === '' ? capital : `${capital}.`;
}
