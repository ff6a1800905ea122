import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Badge } from './Badge';

test('a state is told by words and icon, not by colour alone', () => {
  const { container } = render(<Badge of="stage" word="review" />);
  expect(container.textContent).toBe('Needs you');
  expect(container.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true');
});

test('a word that this console does not know is shown as unknown, with the word', () => {
  expect(render(<Badge of="stage" word="teleported" />).container.textContent).toBe('Unknown: teleported');
  expect(render(<Badge of="stage" word="constructor" />).container.textContent).toBe('Unknown: constructor');
});
