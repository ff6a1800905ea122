import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Prose } from './Prose';

test('commands are set as code, markup of others stays text', () => {
  const { container } = render(<Prose text="Run `tillbridge doctor` <b>now</b>, or ` wait." />);
  expect(container.innerHTML).toBe('Run <code>tillbridge doctor</code> &lt;b&gt;now&lt;/b&gt;, or ` wait.');
});

test('a moment within a sentence is told in the time of London', () => {
  const { container } = render(<Prose text="Amazon last changed it at 2026-07-01T20:34:15.396Z, kept." />);
  expect(container.textContent).toBe('Amazon last changed it at 1 Jul 2026, 21:34:15 BST, kept.');
});
