import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Live } from './live';

class FakeSource extends EventTarget {
  readyState = 1;
  closed = false;
  close() {
    this.closed = true;
  }
}

let sources: FakeSource[];
let live: Live;

beforeEach(() => {
  vi.useFakeTimers();
  sources = [];
  live = new Live({
    open: () => {
      const source = new FakeSource();
      sources.push(source);
      return source as unknown as EventSource;
    },
    now: () => 42,
  });
});
afterEach(() => vi.useRealTimers());

function changed() {
  sources.at(-1)!.dispatchEvent(new Event('changed'));
}

test('a burst of events is told once', () => {
  const heard = vi.fn();
  live.onChange(heard);
  live.start();
  for (let i = 0; i < 20; i++) changed();
  expect(heard).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(heard).toHaveBeenCalledTimes(1);
  expect(live.snapshot().status).toBe('live');
});

test('a broken stream is stale, and is live again with the next event', () => {
  live.start();
  changed();
  sources[0]!.dispatchEvent(new Event('error'));
  vi.advanceTimersByTime(4000);
  expect(live.snapshot()).toEqual({ status: 'stale', since: 42 });
  changed();
  expect(live.snapshot().status).toBe('live');
});

test('a stream that comes back at once was never stale', () => {
  live.start();
  changed();
  sources[0]!.dispatchEvent(new Event('error'));
  vi.advanceTimersByTime(3000);
  changed();
  vi.advanceTimersByTime(60_000);
  expect(live.snapshot().status).toBe('live');
});

test('a refused stream is opened again later, and listeners ask meanwhile, so that an ended session is noticed', () => {
  const heard = vi.fn();
  live.onChange(heard);
  live.start();
  sources[0]!.readyState = 2;
  sources[0]!.dispatchEvent(new Event('error'));
  expect(heard).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(5000);
  expect(sources).toHaveLength(2);
});

test('while paused nothing is told; on resume the stream is opened afresh', () => {
  const heard = vi.fn();
  live.onChange(heard);
  live.start();
  changed();
  live.pause();
  vi.advanceTimersByTime(5000);
  expect([heard.mock.calls.length, live.snapshot().status, sources[0]!.closed]).toEqual([0, 'paused', true]);
  live.start();
  expect(sources).toHaveLength(1);
  live.resume();
  changed();
  vi.advanceTimersByTime(1000);
  expect([heard.mock.calls.length, live.snapshot().status, sources.length]).toEqual([1, 'live', 2]);
});
