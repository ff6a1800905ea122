// Runs before every unit test file: what a browser has and the test environment lacks.
import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);
