import { fireEvent, render } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { useKeys, useKeysOn } from './keys';
import { useRowKeys } from './row-keys';

afterEach(() => localStorage.clear());

const slash = vi.fn();
const palette = vi.fn();

function Page() {
  const [on, setOn] = useKeysOn();
  useKeys({ '/': slash, 'mod+k': palette });
  useRowKeys();
  return (
    <>
      <input aria-label="field" />
      <button type="button" onClick={() => setOn(!on)}>{on ? 'on' : 'off'}</button>
      <a href="#1" data-row>one</a>
      <a href="#2" data-row>two</a>
    </>
  );
}

test('a single key acts outside fields only, a combination everywhere', () => {
  slash.mockClear();
  const { getByLabelText } = render(<Page />);
  fireEvent.keyDown(getByLabelText('field'), { key: '/' });
  expect(slash).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: '/' });
  fireEvent.keyDown(getByLabelText('field'), { key: 'K', ctrlKey: true });
  expect([slash.mock.calls.length, palette.mock.calls.length]).toEqual([1, 1]);
});

test('shortcuts can be switched off, and stay off', () => {
  slash.mockClear();
  const { getByText, unmount } = render(<Page />);
  fireEvent.click(getByText('on'));
  fireEvent.keyDown(document.body, { key: '/' });
  unmount();
  render(<Page />);
  fireEvent.keyDown(document.body, { key: '/' });
  expect(slash).not.toHaveBeenCalled();
});

test('j and k move the focus from row to row', () => {
  const { getByText } = render(<Page />);
  fireEvent.keyDown(document.body, { key: 'j' });
  fireEvent.keyDown(document.activeElement!, { key: 'j' });
  expect(document.activeElement).toBe(getByText('two'));
  fireEvent.keyDown(document.activeElement!, { key: 'k' });
  expect(document.activeElement).toBe(getByText('one'));
});
