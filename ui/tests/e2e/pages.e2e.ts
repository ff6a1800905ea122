/** Every page, light and dark: accessible, nothing blocked, no error, and a picture if a folder is given. */
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectReflow, launch, open, settled, type Scheme } from './browser';
import { target, type Target } from './target';

const PICTURES = process.env.TILLBRIDGE_PICTURES;
let browser: Browser;
let at: Target;
let paths: Record<string, string>;

beforeAll(async () => {
  [browser, at] = await Promise.all([launch(), target()]);
  paths = await discover();
});
afterAll(async () => {
  await browser?.close();
  await at?.stop();
});

/** The pages, with an order and a run that are there. */
async function discover(): Promise<Record<string, string>> {
  const context = await browser.newContext();
  await at.signIn(context);
  const get = async <T>(path: string) => (await (await context.request.get(`${at.url}/api/v1${path}`)).json()) as T;
  type Orders = { orders: { pair: string; order_id: string }[] };
  const of = async (stage: string) => (await get<Orders>(`/orders?limit=1&stage=${stage}`)).orders[0];
  const found: Record<string, string> = { overview: '/', orders: '/orders', review: '/review?show=all', breaks: '/review?kind=break', runs: '/runs', settlements: '/settlements', vat: '/settlements/vat', 'not-found': '/no/such/page' };
  for (const stage of ['invoiced', 'waiting', 'review', 'failed']) {
    const order = await of(stage);
    if (order) found[`order-${stage}`] = `/orders/${order.pair}/${order.order_id}`;
  }
  type Settlements = { settlements: { pair: string; currency: string; id: string }[] };
  for (const stage of ['received', 'quarantined', 'posting', 'posted', 'review']) {
    const one = (await get<Settlements>(`/settlements?limit=1&stage=${stage}`)).settlements[0];
    if (one) found[`settlement-${stage}`] = `/settlements/${one.pair}/${one.currency}/${encodeURIComponent(one.id)}`;
  }
  const { runs } = await get<{ runs: { id: string }[] }>('/runs?limit=1');
  if (runs[0]) found['run'] = `/runs/${runs[0].id}`;
  await context.close();
  return found;
}

const isMoney = (name: string) => name.startsWith('settlement') || name === 'vat' || name === 'breaks';

async function look(name: string, path: string, scheme: Scheme, width: number, signedIn = true) {
  const context = await browser.newContext({ locale: 'en-GB', colorScheme: scheme, viewport: { width, height: width < 500 ? 812 : 900 } });
  if (signedIn) await at.signIn(context);
  const { page, faults } = await open(context);
  await page.goto(at.url + path);
  await settled(page);
  // What is folded away must be as good as what is not.
  for (const summary of await page.locator('main summary').all()) await summary.click();
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(scheme);
  await expectAccessible(page);
  expect(faults).toEqual([]);
  if (width < 500) await expectReflow(page);
  if (PICTURES) {
    mkdirSync(PICTURES, { recursive: true });
    await page.goto('about:blank');
    await page.goto(at.url + path);
    await settled(page);
    await page.screenshot({ path: `${PICTURES}/${name}-${scheme}${width < 500 ? '-narrow' : ''}.png`, fullPage: !['orders', 'runs', 'settlements'].includes(name) });
  }
  await context.close();
}

for (const scheme of ['light', 'dark'] as const) {
  describe(scheme, () => {
    test('every page about orders is accessible and breaks no policy', async () => {
      expect(Object.keys(paths)).toEqual(expect.arrayContaining(['overview', 'orders', 'review', 'runs', 'run']));
      for (const [name, path] of Object.entries(paths)) if (!isMoney(name)) await look(name, path, scheme, 1360);
    });

    test('every page about settlements is accessible and breaks no policy', async () => {
      for (const [name, path] of Object.entries(paths)) if (isMoney(name)) await look(name, path, scheme, 1360);
    });

    test('overview, review and order page reflow on a narrow screen', async () => {
      const narrow = Object.entries(paths).filter(([name]) => name === 'overview' || name === 'review' || name.startsWith('order-'));
      for (const [name, path] of narrow) await look(name, path, scheme, 375);
    });

    test('every page about settlements reflows on a narrow screen', async () => {
      const narrow = Object.entries(paths).filter(([name]) => isMoney(name));
      for (const [name, path] of narrow) await look(name, path, scheme, 375);
    });

    test('the doors are accessible', async () => {
      await look('sign-in', '/sign-in', scheme, 1360, false);
      await look('owner', '/owner#token=x', scheme, 375, false);
    });
  });
}
