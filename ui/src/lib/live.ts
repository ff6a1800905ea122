/**
 * The live stream. The server says "something changed", never what; pages ask again for what they show.
 *
 * One stream for each visible tab: browsers allow six connections to a host, so a hidden tab gives its stream back and catches
 * up when it is looked at. Events are gathered: listeners hear of them at most once a second.
 */

/** `stale`: the stream is down, what is shown may be old. `paused`: the reader asked for quiet. */
export type LiveState = { status: 'connecting' | 'live' | 'stale' | 'paused'; since: number };

type Source = Pick<EventSource, 'addEventListener' | 'close' | 'readyState'>;
type Options = { open?: () => Source; now?: () => number };

const GATHER_MS = 1000;
const REOPEN_MS = 5000;
/** A stream ends every quarter of an hour and is opened again in two seconds; that is not worth a word. */
const STALE_AFTER_MS = 4000;
const CLOSED = 2;

export class Live {
  private readonly open: () => Source;
  private readonly now: () => number;
  private readonly watchers = new Set<() => void>();
  private readonly listeners = new Set<() => void>();
  private state: LiveState;
  private source: Source | undefined;
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private reopening: ReturnType<typeof setTimeout> | undefined;
  private doubting: ReturnType<typeof setTimeout> | undefined;

  constructor({ open = () => new EventSource('/api/v1/events'), now = Date.now }: Options = {}) {
    this.open = open;
    this.now = now;
    this.state = { status: 'connecting', since: now() };
  }

  /** Opens the stream. The server begins each stream with an event, so nothing is missed in between. */
  start(): void {
    if (this.source || this.state.status === 'paused') return;
    const source = this.open();
    this.source = source;
    source.addEventListener('changed', () => {
      clearTimeout(this.doubting);
      this.doubting = undefined;
      this.become('live');
      this.gather();
    });
    source.addEventListener('error', () => {
      const since = this.now();
      this.doubting ??= setTimeout(() => this.become('stale', since), STALE_AFTER_MS);
      // The browser opens it again by itself, unless the answer was an error.
      if (source.readyState === CLOSED && this.source === source) {
        this.close();
        this.reopening = setTimeout(() => this.start(), REOPEN_MS);
        this.tell();
      }
    });
  }

  /** Gives the stream back, for example while the tab is hidden. */
  stop(): void {
    this.close();
    clearTimeout(this.doubting);
    this.doubting = undefined;
  }

  /** Stands still until `resume`. */
  pause(): void {
    this.stop();
    this.become('paused');
  }

  resume(): void {
    if (this.state.status === 'paused') this.become('connecting');
    this.start();
  }

  /** Calls `listener` after changes, at most once a second. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly snapshot = (): LiveState => this.state;

  private close(): void {
    clearTimeout(this.reopening);
    this.source?.close();
    this.source = undefined;
  }

  private gather(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      if (this.state.status !== 'paused') this.tell();
    }, GATHER_MS);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private become(status: LiveState['status'], since = this.now()): void {
    if (status === this.state.status || (this.state.status === 'paused' && status !== 'connecting')) return;
    this.state = { status, since };
    for (const watcher of this.watchers) watcher();
  }
}
