import { formatMoment, formatShort } from '../lib/time';

type MomentProps = { at: string | null | undefined; short?: boolean; unknown?: string };

/** A time in Europe/London with its zone; the exact moment is in the markup. `unknown` is what a missing time means. */
export function Moment({ at, short = false, unknown = 'not known' }: MomentProps) {
  if (!at) return <span className="secondary">{unknown}</span>;
  return (
    <time dateTime={at} title={formatMoment(at)} className="tabular">
      {short ? formatShort(at) : formatMoment(at)}
    </time>
  );
}
