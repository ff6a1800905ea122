import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Prose, sentence } from './Prose';

test('commands are set as code, markup of others stays text', () => {
  const { container } = render(<Prose text="Run `tillbridge doctor` <b>now</b>, or ` wait." />);
  expect(container.innerHTML).toBe('Run <code>tillbridge doctor</code> &lt;b&gt;now&lt;/b&gt;, or ` wait.');
});

test('a reason becomes a sentence once', () => {
  expect([sentence('dispatch'), sentence('It waits. '), sentence('Really?'), sentence('')]).toEqual(['Dispatch.', 'It waits.', 'Really?', '']);
});
