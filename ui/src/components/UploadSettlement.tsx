import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconUpload } from '@tabler/icons-react';
import { useRef, useState, type DragEvent } from 'react';
import { overviewQuery } from '../api/queries';
import { uploadSettlement, type Uploaded } from '../api/upload';
import { count } from '../lib/words';
import { Badge } from './Badge';
import { Failed } from './States';
import styles from './UploadSettlement.module.css';

/** What became of one file. */
type Outcome = { file: string; pair: string; uploaded?: Uploaded; error?: unknown };
type Sending = { file: string; part: number };

/** Hands settlement files in, by a button or by dropping them. Each says what was found in it, or why it was not taken. */
export function UploadSettlement() {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<Sending | null>(null);
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const [chosen, setChosen] = useState<string>();
  const { data } = useQuery(overviewQuery);
  const pairs = [...new Set(data?.connections.map(({ pair }) => pair))];
  const pair = chosen ?? pairs[0];
  const queries = useQueryClient();
  const send = useMutation({
    mutationFn: ({ to, file }: { to: string; file: File }) => uploadSettlement(to, file, (part) => setSending({ file: file.name, part })),
  });
  const take = async (files: File[]) => {
    if (!pair || files.length === 0 || sending) return;
    setOutcomes([]);
    // One after another: the server decides them in the order in which they follow each other.
    for (const file of files) {
      setSending({ file: file.name, part: 0 });
      const outcome = await send.mutateAsync({ to: pair, file }).then((uploaded) => ({ uploaded }), (error: unknown) => ({ error }));
      setOutcomes((before) => [...before, { file: file.name, pair, ...outcome }]);
    }
    setSending(null);
    await Promise.all([queries.invalidateQueries({ queryKey: ['settlements'] }), queries.invalidateQueries({ queryKey: ['live'] })]);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take([...event.dataTransfer.files]);
  };
  if (!data) return null;
  if (!pair) return <p className="secondary">Settlement files can be handed in once an account is connected.</p>;
  return (
    <section
      className={styles.zone}
      data-over={over || undefined}
      aria-label="Hand in a settlement"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className={styles.act}>
        {pairs.length > 1 && <NativeSelect label="For" data={pairs} value={pair} onChange={(event) => setChosen(event.currentTarget.value)} />}
        <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} loading={sending !== null} onClick={() => input.current?.click()}>Hand in a settlement file</Button>
        <p className="secondary">or drop it here: Flat File V2, V1 or XML, compressed or not, up to 64 MiB.</p>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Settlement files"
          onChange={(event) => {
            void take([...(event.currentTarget.files ?? [])]);
            // The same file may be chosen again after it was mended.
            event.currentTarget.value = '';
          }}
        />
      </div>
      {sending && <Progress {...sending} />}
      <div role="status">
        {outcomes.map((outcome, at) => <Came key={at} {...outcome} />)}
      </div>
    </section>
  );
}

function Progress({ file, part }: Sending) {
  const percent = Math.floor(part * 100);
  return (
    <p className={styles.progress}>
      <progress max={100} value={percent} aria-label={`Sending ${file}`} />
      <span>{part < 1 ? `Sending ${file}: ${percent} %` : `${file} was sent and is being read`}</span>
    </p>
  );
}

function Came({ file, pair, uploaded, error }: Outcome) {
  if (!uploaded) return <Failed what={file} error={error} />;
  return (
    <div className={styles.came}>
      <p><strong>{file}</strong>: {count(uploaded.settlements.length, 'settlement')}.</p>
      <ul>
        {uploaded.settlements.map(({ id, currency, stage, duplicate }) => (
          <li key={`${id}/${currency}`}>
            <Link to="/settlements/$pair/$currency/$id" params={{ pair, currency, id }}>{id} in {currency}</Link> <Badge of="settlement" word={stage} />
            {duplicate && ' It was known already; nothing was changed.'}
          </li>
        ))}
      </ul>
    </div>
  );
}
