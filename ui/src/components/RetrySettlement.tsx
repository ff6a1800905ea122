import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { retrySettlement } from '../api/actions';
import type { SettlementKey } from '../api/queries';
import { Failed } from './States';

/** Decides a settlement again and delivers what is open. Safe to press twice: nothing is ever posted twice. */
export function RetrySettlement({ of }: { of: SettlementKey }) {
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retrySettlement(of),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['live'] }),
  });
  return (
    <div>
      <Button loading={retry.isPending} onClick={() => retry.mutate()}>Try again</Button>
      <p role="status">{retry.isSuccess && 'It is due now. What comes of it appears below.'}</p>
      {retry.isError && <Failed what="It was not tried again" error={retry.error} />}
    </div>
  );
}
