import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { retryOrder } from '../api/actions';
import { Failed } from './States';

/** Decides an order again and delivers what is open. Safe to press twice: nothing is ever posted twice. */
export function RetryOrder({ pair, orderId }: { pair: string; orderId: string }) {
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retryOrder(pair, orderId),
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
