import type { SettlementProblem, SettlementTask } from '../api/client';
import { count, sentence } from '../lib/words';
import { Amount } from './Amount';
import { Badge } from './Badge';
import { Prose } from './Prose';
import { Empty } from './States';
import styles from './ReviewItem.module.css';

/** What a person should see: sums on suspense first, each with its cause and the next action. */
export function SettlementTasks({ tasks }: { tasks: SettlementTask[] }) {
  if (tasks.length === 0) return <Empty>No row of this settlement needs a look.</Empty>;
  const weight = ({ high_priority, in_suspense }: SettlementTask) => (high_priority ? 0 : 2) + (in_suspense ? 0 : 1);
  const sorted = tasks.toSorted((one, other) => weight(one) - weight(other));
  return (
    <ul className={styles.list}>
      {sorted.map((task, at) => <li key={`${task.code}/${at}`}><Task task={task} /></li>)}
    </ul>
  );
}

function Task({ task: { code, in_suspense, subject, rows_of, sum, count: rows, line, cause, next, high_priority, suggestions } }: { task: SettlementTask }) {
  return (
    <article className={styles.item}>
      <div className={styles.head}>
        <h3>{subject || rows_of?.filter(Boolean).join(' · ') || code}</h3>
        {high_priority && <Badge of="task" word="first" />}
        {in_suspense !== null && <Badge of="task" word={in_suspense ? 'suspense' : 'posted'} />}
        <span className={styles.amount}><Amount value={sum} /></span>
      </div>
      <p><Prose text={sentence(cause)} /></p>
      <p><strong>What to do:</strong> <Prose text={sentence(next)} /></p>
      {suggestions.length > 0 && <p>It resembles {suggestions.join('; ')}. Nothing of that was applied.</p>}
      <p className="secondary">
        {count(rows, 'row')}{line != null && <>, the first on line {line}</>}
        {subject && rows_of && <>: {rows_of.filter(Boolean).join(' · ')}</>}. Code <code>{code}</code>.
      </p>
    </article>
  );
}

/** What is wrong with the file: what it is, what it means, what to do. */
export function SettlementProblems({ problems }: { problems: SettlementProblem[] }) {
  return (
    <ul className={styles.list}>
      {problems.map(({ weight, line, what, effect, next }, at) => (
        <li key={at}>
          <article className={styles.item}>
            <div className={styles.head}>
              <h3>{line == null ? 'The file' : `Line ${line}`}</h3>
              <Badge of="weight" word={weight} />
            </div>
            <p><Prose text={sentence(what)} /> <Prose text={sentence(effect)} /></p>
            {next && <p><strong>What to do:</strong> <Prose text={sentence(next)} /></p>}
          </article>
        </li>
      ))}
    </ul>
  );
}
