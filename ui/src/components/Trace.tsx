import type { TraceStep } from '../api/client';
import { Raw } from './Raw';
import styles from './Trace.module.css';

/** What each step of a flow decided, in order, with what it looked at and what it gave. */
export function Trace({ steps }: { steps: TraceStep[] }) {
  if (steps.length === 0) return <p className="secondary">No step was reached: the order could not be read.</p>;
  return (
    <ol className={styles.steps}>
      {steps.map(({ step, uses, decision, input, output }, index) => (
        <li key={index}>
          <div>
            <p>
              <strong>{step}</strong>
              <span className={styles.uses}>{uses}</span>
            </p>
            <p>{decision}</p>
            <Raw label="What it looked at and gave" data={{ input, output }} />
          </div>
        </li>
      ))}
    </ol>
  );
}

/** The steps in a run's data, or `null` if it is something else. */
export function readTrace(data: unknown): TraceStep[] | null {
  const isStep = (step: unknown) =>
    typeof step === 'object' && step !== null && ['step', 'uses', 'decision'].every((key) => typeof (step as Record<string, unknown>)[key] === 'string');
  return Array.isArray(data) && data.every(isStep) ? (data as TraceStep[]) : null;
}
