import { MantineProvider } from '@mantine/core';
import { fireEvent, render } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { toError, unreachable } from '../api/problem';
import { Failed } from './States';

test('a failure says what failed, what it means, what to do, and offers to try again', () => {
  const retry = vi.fn();
  const { getByRole, getByText } = render(<MantineProvider><Failed what="The list did not load" error={unreachable()} onRetry={retry} /></MantineProvider>);
  expect(getByRole('alert').textContent).toContain('The list did not load: the server does not answer');
  expect(getByRole('alert').textContent).toContain('tillbridge serve');
  fireEvent.click(getByText('Try again'));
  expect(retry).toHaveBeenCalledOnce();
});

test("a problem of the server is told in the server's words, and anything else is told as not ours", () => {
  const problem = { type: 'about:blank', status: 409, code: 'closed_already', title: 'Closed already', detail: 'Somebody closed it.', fix: 'Load the list again.' };
  expect(toError(409, problem)).toMatchObject({ code: 'closed_already', message: 'Somebody closed it.' });
  expect(toError(502, '<html>Bad gateway</html>')).toMatchObject({ code: 'unexpected_answer', title: 'The server answered 502' });
});
