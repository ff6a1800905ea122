import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { resumeConnection } from '../api/actions';
import type { Connection } from '../api/client';
import { systemName } from '../lib/words';
import { Badge } from './Badge';
import { Moment } from './Moment';
import { Prose } from './Prose';
import { Empty, Failed } from './States';
import styles from './Connections.module.css';

/** The accounts at both remotes; what is paused says why, what to do, and can go on. */
export function Connections({ connections }: { connections: Connection[] }) {
  if (connections.length === 0) {
    return <Empty>Nothing is connected yet. Run <code>tillbridge connect amazon</code> and <code>tillbridge connect kashflow</code>.</Empty>;
  }
  return (
    <ul className={styles.list}>
      {connections.map((connection) => (
        <ConnectionRow key={`${connection.pair} ${connection.system}`} connection={connection} />
      ))}
    </ul>
  );
}

function ConnectionRow({ connection }: { connection: Connection }) {
  const { pair, system, state, reason, fix, code, changed_at } = connection;
  const queries = useQueryClient();
  const resume = useMutation({
    mutationFn: () => resumeConnection(pair, system),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['live'] }),
  });
  return (
    <li>
      <div className={styles.head}>
        <h3>{systemName(system)}</h3>
        <Badge of="connection" word={state} />
        <span className="secondary">pair {pair}, since <Moment at={changed_at} short /></span>
      </div>
      {reason && <p><Prose text={reason} /> {code && <code>{code}</code>}</p>}
      {fix && <p><strong>What to do:</strong> <Prose text={fix} /></p>}
      {state === 'paused' && (
        <Button size="xs" loading={resume.isPending} onClick={() => resume.mutate()}>
          I have done it: go on
        </Button>
      )}
      {resume.isError && <Failed what="The connection was not resumed" error={resume.error} />}
    </li>
  );
}
