import { useId } from 'react';
import type { SettlementDetail, WaterfallStep } from '../api/client';
import { formatAmount } from '../lib/money';
import { bars, type Bar } from '../lib/settlement';
import { Amount } from './Amount';
import { PlainTable } from './PlainTable';
import styles from './Waterfall.module.css';

type WaterfallProps = { steps: WaterfallStep[]; clearing: SettlementDetail['clearing'] };

const ROW = 34;
const BAR = 18;
/** Where the bars begin and end, between the names and the amounts. */
const [LEFT, RIGHT, WIDTH] = [165, 430, 530];

/** From sales to the payout: what each kind of document moves on the clearing account, as a picture and as a table. */
export function Waterfall({ steps, clearing }: WaterfallProps) {
  const { bars: shown, missing } = bars(steps, clearing);
  return (
    <>
      {missing && (
        <p role="alert" className={styles.missing}>
          The steps do not lead to the balance after: <Amount value={missing} /> is in no step.
        </p>
      )}
      <div className={styles.twins}>
        <Picture shown={shown} />
        <PlainTable
          label="From sales to the payout"
          columns={[
            { name: 'Step', cell: ({ name }: Bar) => name },
            { name: 'Amount', number: true, cell: ({ kind, amount }) => (kind === 'balance' ? '' : <Amount value={amount} />) },
            { name: 'On clearing', number: true, cell: ({ to, amount }) => <Amount value={{ ...amount, minor: to }} /> },
          ]}
          rows={shown}
          rowKey={({ name }) => name}
        />
      </div>
    </>
  );
}

function Picture({ shown }: { shown: Bar[] }) {
  const id = useId();
  const ends = shown.flatMap(({ from, to }) => [from, to]);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  // Places on a screen, not money: a picture may round.
  const x = (minor: number) => LEFT + ((minor - low) / Math.max(1, high - low)) * (RIGHT - LEFT);
  const height = shown.length * ROW;
  return (
    <svg className={styles.picture} viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-labelledby={`${id}-title ${id}-desc`}>
      <title id={`${id}-title`}>From sales to the payout</title>
      <desc id={`${id}-desc`}>{inWords(shown)}</desc>
      <line className={styles.zero} x1={x(0)} x2={x(0)} y1={0} y2={height} />
      {shown.map(({ name, kind, amount, from, to }, at) => {
        const top = at * ROW + (ROW - BAR) / 2;
        const middle = at * ROW + ROW / 2;
        return (
          <g key={name}>
            {at + 1 < shown.length && <line className={styles.link} x1={x(to)} x2={x(to)} y1={top + BAR} y2={top + ROW} />}
            <rect className={styles[kind]} x={Math.min(x(from), x(to))} y={top} width={Math.max(2, Math.abs(x(to) - x(from)))} height={BAR} rx={2} />
            <text className={styles.name} x={0} y={middle}>{name}</text>
            <text className={styles.figure} x={WIDTH} y={middle}>{formatAmount(amount)}</text>
          </g>
        );
      })}
    </svg>
  );
}

/** The picture for who does not see it; the table beside it has every figure. */
export function inWords(shown: Bar[]): string {
  return shown.map(({ name, amount }) => `${name} ${formatAmount(amount)}`).join(', ');
}
