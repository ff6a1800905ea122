import { Button, Group, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { closeReview } from '../api/actions';
import { Failed } from './States';
import styles from './ReviewItem.module.css';

const NOTE_MAX = 2000;

/** Closes an item. What was done is asked for, because the audit trail keeps it. */
export function CloseItem({ id, onCancel }: { id: number; onCancel: () => void }) {
  const [note, setNote] = useState('');
  const queries = useQueryClient();
  const close = useMutation({
    mutationFn: () => closeReview(id, note.trim()),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['live'] }),
  });
  return (
    <form
      className={styles.note}
      onSubmit={(event) => {
        event.preventDefault();
        close.mutate();
      }}
    >
      <Textarea autoFocus required label="What was done about it?" description="Kept in the audit trail with your name and the time." rows={3} maxLength={NOTE_MAX} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      <Group gap="sm">
        <Button type="submit" size="xs" loading={close.isPending} disabled={note.trim() === ''}>Close item</Button>
        <Button size="xs" variant="default" onClick={onCancel}>Leave it open</Button>
      </Group>
      {close.isError && <Failed what="The item was not closed" error={close.error} />}
    </form>
  );
}
