/** The console's files under the product's own content security policy, and an API that answers from the invented world. */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { components } from '../../../src/api/schema';
import { settlements, vat } from './settlements';
import { ORDERS, order, reviews, runs, timeline } from './world';

type Schemas = components['schemas'];

const DIST = new URL('../../../dist/', import.meta.url).pathname;
const POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
export const PASSWORD = 'four words of gold';
export const TOKEN = 'one-time';

export class FakeServer {
  readonly reviews = reviews();
  settlements = settlements();
  orders = ORDERS;
  retried: string[] = [];
  asked: string[] = [];
  paused = false;
  private sessions = new Set<string>();
  private streams = new Set<ServerResponse>();
  private refuseStreams = false;
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const stream of this.streams) stream.end();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** New orders arrive, and the stream says that something changed. */
  arrive(count: number): void {
    this.orders += count;
    this.changed();
  }

  changed(): void {
    for (const stream of this.streams) stream.write('event: changed\nid: 2\ndata: {"at":"2026-11-23T14:31:00Z"}\n\n');
  }

  /** Ends all streams and refuses new ones until `heal`. */
  breakStreams(): void {
    this.refuseStreams = true;
    for (const stream of this.streams) stream.end();
  }

  heal(): void {
    this.refuseStreams = false;
  }

  endSessions(): void {
    this.sessions.clear();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('x-content-type-options', 'nosniff');
    if (!url.pathname.startsWith('/api/')) return this.file(url.pathname, response);
    const path = url.pathname.replace('/api/v1', '');
    const body = await bodyOf(request);
    const session = /tillbridge=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
    const open = request.method === 'POST' && (path === '/session' || path === '/owner-link');
    if (!open && !(session && this.sessions.has(session))) return problem(response, 401, 'not_signed_in', 'Not signed in', 'There is no session, or it ended.', "Sign in with the owner's password.");
    this.route(request.method ?? 'GET', path, url.searchParams, body, response);
  }

  private route(method: string, path: string, query: URLSearchParams, body: Record<string, string>, response: ServerResponse): void {
    const parts = path.split('/').slice(1).map(decodeURIComponent);
    if (path === '/session') return this.session(method, body, response);
    if (path === '/owner-link') {
      if (body.token !== TOKEN) return problem(response, 410, 'link_unusable', 'This link does not work', 'The link is wrong, was used before, or is older than 24 hours.', 'Start `tillbridge serve --owner-link` and open the link it prints.');
      return done(response);
    }
    if (path === '/events') return this.events(response);
    if (path === '/overview') return json(response, this.overview());
    if (path === '/orders') return json(response, this.page(query));
    if (parts[0] === 'orders' && parts[3] === 'retry') {
      this.retried.push(parts[2]!);
      return done(response, 202);
    }
    if (parts[0] === 'orders') return this.order(parts[2]!, response);
    if (path === '/vat') return json(response, vat(this.settlements));
    if (path === '/settlements' && method === 'POST') return this.upload(query, body.file ?? '', response);
    if (path === '/settlements') {
      const shown = this.settlements.map(({ settlement }) => settlement).filter(({ stage }) => !query.get('stage') || stage === query.get('stage'));
      return json(response, { settlements: shown, next: null } satisfies Schemas['SettlementPage']);
    }
    if (parts[0] === 'settlements' && method === 'POST') return this.decideAgain(parts.slice(1), body, response);
    if (parts[0] === 'settlements') return this.settlement(parts.slice(1), response);
    if (path === '/runs') return json(response, runPage(query));
    if (parts[0] === 'runs') {
      const run = runs(500).find(({ id }) => id === parts[1]);
      return run ? json(response, run) : problem(response, 404, 'not_found', 'Not found', 'There is no such run.', 'Check the address.');
    }
    if (path === '/reviews') {
      const shown = this.reviews.filter((item) => (query.get('open') !== 'true' || !item.closed_at) && (!query.get('kind') || item.kind === query.get('kind')));
      return json(response, { reviews: shown } satisfies Schemas['Reviews']);
    }
    if (parts[0] === 'reviews') return this.close(Number(parts[1]), body.note ?? '', response);
    if (parts[0] === 'connections' && parts[3] === 'resume') {
      this.paused = false;
      return done(response);
    }
    problem(response, 404, 'not_found', 'Not found', 'The API has no such address.', 'Check the address.');
  }

  private session(method: string, body: Record<string, string>, response: ServerResponse): void {
    if (method === 'GET') return json(response, { account: 'owner' } satisfies Schemas['Session']);
    if (method === 'DELETE') {
      this.endSessions();
      return done(response);
    }
    if (body.password !== PASSWORD) return problem(response, 401, 'wrong_password', 'Not signed in', 'The password is wrong, or no password has been set yet.', 'Try again.');
    const token = `s${this.sessions.size}x${Date.now()}`;
    this.sessions.add(token);
    response.setHeader('set-cookie', `tillbridge=${token}; Path=/; HttpOnly; SameSite=Lax`);
    done(response);
  }

  private events(response: ServerResponse): void {
    if (this.refuseStreams) return problem(response, 503, 'stopping', 'Stopping', 'The server stops.', 'Wait.');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
    response.write('retry: 500\nevent: changed\nid: 1\ndata: {"at":"2026-11-23T14:30:00Z"}\n\n');
  }

  private order(id: string, response: ServerResponse): void {
    for (let n = this.orders - 1; n >= 0; n--) {
      const found = order(n);
      if (found.order_id !== id) continue;
      const calm = found.stage === 'invoiced';
      const detail: Schemas['OrderDetail'] = {
        order: found, can_retry: !calm, timeline: timeline(found),
        explanation: calm ? 'It is in KashFlow as document 1042, read back and right to the penny.' : `${found.stage_reason ?? 'Its document is being prepared.'}`,
        next_action: calm ? null : 'Add an account for MUG-GREEN to the mapping, then try again.',
      };
      return json(response, detail);
    }
    problem(response, 404, 'not_found', 'Not found', 'We have never heard of this order.', 'Check the address, or go back to the list and open it from there.');
  }

  private settlement([pair, currency, id]: string[], response: ServerResponse): void {
    const found = this.settlements.find(({ settlement }) => settlement.pair === pair && settlement.currency === currency && settlement.id === id);
    if (found) return json(response, found);
    problem(response, 404, 'not_found', 'Not found', 'We have never received this settlement.', 'Check the address, or go back to the list and open it from there.');
  }

  /** The file's text is the settlement's id; a PDF is refused. */
  private upload(query: URLSearchParams, file: string, response: ServerResponse): void {
    this.asked.push(`upload ${query.get('pair')} ${query.get('name')}`);
    if (file.startsWith('%PDF')) return problem(response, 422, 'not_taken', 'This file was not taken', 'This is a PDF document, not a settlement.', 'Download the settlement as Flat File V2.');
    const known = this.settlements.find(({ settlement }) => settlement.id === file);
    json(response, { settlements: [{ id: file, currency: 'GBP', stage: known?.settlement.stage ?? 'received', duplicate: known !== undefined }] } satisfies Schemas['Uploaded']);
  }

  private decideAgain([, , id, act]: string[], body: Record<string, string>, response: ServerResponse): void {
    this.asked.push(act === 'accept' ? `accept ${id} ${body.line} ${body.amount}` : `${act} ${id}`);
    const found = this.settlements.find(({ settlement }) => settlement.id === id);
    if (act === 'accept' && body.amount !== '12.34') return problem(response, 400, 'bad_request', 'The request cannot be understood', '`amount` cannot be used: it is no amount.', 'Correct the request.');
    if (act === 'accept') found?.unreadable.forEach((row) => (row.is_accepted = true));
    done(response, 202);
  }

  private close(id: number, note: string, response: ServerResponse): void {
    const item = this.reviews.find((review) => review.id === id);
    if (!item) return problem(response, 404, 'not_found', 'Not found', 'There is no such item.', 'Load the list again.');
    if (item.closed_at) return problem(response, 409, 'closed_already', 'Closed already', 'Somebody closed this item already.', 'Load the list again.');
    Object.assign(item, { closed_at: '2026-11-23T14:31:00Z', closed_by: 'owner', note });
    done(response);
  }

  private page(query: URLSearchParams): Schemas['OrderPage'] {
    const limit = Number(query.get('limit') ?? 50);
    const orders: Schemas['OrderSummary'][] = [];
    let n = Number(query.get('after') ?? this.orders);
    while (n > 0 && orders.length < limit) {
      const next = order(--n);
      if (matches(next, query)) orders.push(next);
    }
    return { orders, next: n > 0 ? String(n) : null, total: this.orders };
  }

  private overview(): Schemas['Overview'] {
    const connection = (system: 'amazon' | 'kashflow') => ({ pair: 'main', system, state: 'ready' as const, code: null, reason: null, fix: null, changed_at: '2026-11-20T08:00:00Z' });
    const broken = { state: 'paused' as const, code: 'CON-004', reason: 'KashFlow no longer accepts our credentials.', fix: 'Sign in again with `tillbridge connect kashflow`.' };
    const open = (kind: string) => this.reviews.filter((item) => item.kind === kind && !item.closed_at).length;
    return {
      day: '2026-11-23', orders: { in: this.orders - ORDERS + 412, invoiced: 371, invoicing: 3, waiting: 30, nothing_to_do: 5, review: 2, failed: 1 },
      value_unposted: [{ minor: 18_724, currency: 'GBP', decimals: 2 }, { minor: 4_210, currency: 'EUR', decimals: 2 }], oldest_unposted_at: '2026-11-23T08:12:00Z',
      latency_ms: { p50: 2_840, p95: 6_120, p99: 14_400 }, throughput: Array.from({ length: 60 }, (_, minute) => ({ minute, invoiced: Math.round(6 + 5 * Math.sin(minute / 7)) })),
      open_items: { review: open('review'), break: open('break'), dead_letter: open('dead_letter') }, lanes: { waiting: 4, busy: 2, paused: 3 },
      connections: [connection('amazon'), this.paused ? { ...connection('kashflow'), ...broken } : connection('kashflow')], event_id: 1,
    };
  }

  private file(path: string, response: ServerResponse): void {
    const wanted = join(DIST, path);
    const file = extname(path) && existsSync(wanted) ? wanted : join(DIST, 'index.html');
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  }
}

function matches(order: Schemas['OrderSummary'], query: URLSearchParams): boolean {
  const is = (name: 'stage' | 'marketplace' | 'fulfilment') => !query.get(name) || order[name] === query.get(name);
  const search = query.get('search');
  const [from, to] = [query.get('placed_from'), query.get('placed_to')];
  const found = !search || order.order_id.includes(search) || order.documents.some((number) => number.includes(search));
  return is('stage') && is('marketplace') && is('fulfilment') && found && (!from || order.placed_at >= from) && (!to || order.placed_at < to);
}

function runPage(query: URLSearchParams): Schemas['RunPage'] {
  const all = runs(500).filter((run) => (!query.get('outcome') || run.outcome === query.get('outcome')) && run.subject.startsWith(query.get('subject') ?? ''));
  const begin = query.get('after') ? all.findIndex(({ id }) => id === query.get('after')) + 1 : 0;
  const page = all.slice(begin, begin + Number(query.get('limit') ?? 50));
  return { runs: page, next: begin + page.length < all.length ? (page.at(-1)?.id ?? null) : null };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  if (request.headers['content-type'] === 'application/octet-stream') return { file: text };
  return text ? (JSON.parse(text) as Record<string, string>) : {};
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function done(response: ServerResponse, status = 204): void {
  response.writeHead(status);
  response.end();
}

function problem(response: ServerResponse, status: number, code: string, title: string, detail: string, fix: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title, status, code, detail, fix } satisfies Schemas['Problem']));
}
