import { Fragment } from 'react';
import { Moment } from './Moment';

const CODE = /`([^`]+)`/;
const INSTANT = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/;

/** A sentence of the server. What stands between back-ticks is a command or a name; moments are told in London's time. */
export function Prose({ text }: { text: string }) {
  // Odd parts stand between back-ticks; a back-tick without a partner stays as it is.
  const parts = text.split(CODE);
  return <>{parts.map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : <Fragment key={at}>{withMoments(part)}</Fragment>))}</>;
}

function withMoments(text: string) {
  return text.split(INSTANT).map((part, at) => (at % 2 === 1 ? <Moment key={at} at={part} /> : part));
}
