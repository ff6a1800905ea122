import { Button, Group, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { acceptAmount } from '../api/actions';
import type { SettlementDetail } from '../api/client';
import type { SettlementKey } from '../api/queries';
import { amountText } from '../lib/money';
import { Amount } from './Amount';
import { Badge } from './Badge';
import { Dialog } from './Dialog';
import { PlainTable } from './PlainTable';
import { Failed } from './States';
import styles from './ReviewItem.module.css';

type Row = SettlementDetail['unreadable'][number];
type UnreadableRowsProps = { of: SettlementKey; rows: Row[] };

/** Rows whose amount cannot be read, with the amount that would make the settlement balance, for a person to accept. */
export function UnreadableRows({ of, rows }: UnreadableRowsProps) {
  const [asked, setAsked] = useState<Row | null>(null);
  return (
    <>
      <PlainTable
        label="Rows whose amount cannot be read"
        columns={[
          { name: 'Line', cell: ({ line }: Row) => `Line ${line}` },
          { name: 'Would balance', number: true, cell: ({ would_balance }) => (would_balance ? <Amount value={would_balance} /> : 'not known') },
          {
            name: 'Next action',
            cell: (row) => (row.is_accepted ? <Badge of="amount" word="accepted" /> : <Button size="xs" variant="default" aria-label={`Accept an amount for line ${row.line}`} onClick={() => setAsked(row)}>Accept an amount</Button>),
          },
        ]}
        rows={rows}
        rowKey={({ line }) => String(line)}
      />
      {asked && <AcceptAmount of={of} row={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function AcceptAmount({ of, row: { line, would_balance }, onClose }: { of: SettlementKey; row: Row; onClose: () => void }) {
  const [amount, setAmount] = useState(would_balance ? amountText(would_balance) : '');
  const queries = useQueryClient();
  const accept = useMutation({
    mutationFn: () => acceptAmount(of, line, amount.trim()),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['live'] });
      onClose();
    },
  });
  return (
    <Dialog title={`Accept an amount for line ${line}`} onClose={onClose}>
      <form
        className={styles.note}
        onSubmit={(event) => {
          event.preventDefault();
          accept.mutate();
        }}
      >
        <p>
          {would_balance ? <>With <Amount value={would_balance} /> the rows sum to the total that Amazon states. </> : 'Which amount makes the rows sum to the total is not known. '}
          What you accept goes to suspense, where you decide later what it is, and the settlement is decided again. The audit trail keeps it with your name.
        </p>
        <TextInput data-autofocus required inputMode="decimal" label={`Amount in ${of.currency}`} description="Digits with a point, such as -12.34" value={amount} onChange={(event) => setAmount(event.currentTarget.value)} />
        <Group gap="sm">
          <Button type="submit" size="xs" loading={accept.isPending} disabled={amount.trim() === ''}>Accept it</Button>
          <Button size="xs" variant="default" onClick={onClose}>Leave it</Button>
        </Group>
        {accept.isError && <Failed what="The amount was not accepted" error={accept.error} />}
      </form>
    </Dialog>
  );
}
