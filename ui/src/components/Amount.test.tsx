import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Amount } from './Amount';

test('an amount is shown in tabular figures', () => {
  const { container } = render(<Amount value={{ minor: 2400, currency: 'GBP', decimals: 2 }} />);
  expect(container.textContent).toBe('£24.00');
  expect(container.querySelector('.tabular')).not.toBeNull();
});

test('an unknown amount is not zero', () => {
  expect(render(<Amount value={null} />).container.textContent).toBe('not stated');
});
