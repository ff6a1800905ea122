/** What people do, by keyboard where that is promised, against the fake server. Skipped when a running server is looked at. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectAccessible, launch, open, settled } from './browser';
import { FakeServer, PASSWORD, TOKEN } from './fake/server';
import { idOf, ORDERS } from './fake/world';

let browser: Browser;
let fake: FakeServer;
let url: string;
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  fake = new FakeServer();
  url = await fake.start();
  context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1360, height: 900 } });
  ({ page, faults } = await open(context));
});
afterEach(async () => {
  expect(faults).toEqual([]);
  await context.close();
  await fake.stop();
});

async function enter(path: string): Promise<void> {
  await context.request.post(`${url}/api/v1/session`, { data: { password: PASSWORD }, headers: { origin: url } });
  await page.goto(url + path);
  await settled(page);
}

const rows = () => page.locator('tbody [data-row]');
const pathOf = () => page.url().replace(url, '');

describe.skipIf(process.env.TILLBRIDGE_URL)('journeys', () => {
  test('who is not signed in is asked for the password, told what is wrong, and led on', async () => {
    await page.goto(`${url}/orders?stage=review`);
    await page.getByLabel("Owner's password").fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The password is wrong').waitFor();
    await expectAccessible(page);
    await page.getByLabel("Owner's password").fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
    expect(pathOf()).toBe('/orders?stage=review');
  });

  test('the one-time link sets the password, and its token leaves the address at once', async () => {
    await page.goto(`${url}/owner#token=${TOKEN}`);
    await page.getByLabel('New password').fill(PASSWORD);
    expect(page.url()).toBe(`${url}/owner`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  test('a used link says where to get another', async () => {
    await page.goto(`${url}/owner#token=used`);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('tillbridge serve --owner-link').waitFor();
  });

  test('a session that ends leads to the door, and back to where one was', async () => {
    await enter('/runs?outcome=parked');
    fake.endSessions();
    fake.changed();
    await page.getByLabel("Owner's password").fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(pathOf()).toBe('/runs?outcome=parked');
  });

  test('after signing out nothing of the books is left to go back to', async () => {
    await enter('/orders');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel("Owner's password").waitFor();
    expect(pathOf()).toBe('/sign-in');
    await page.goBack();
    await page.getByLabel("Owner's password").waitFor();
    expect(await rows().count()).toBe(0);
  });

  test('an order is found and opened with the keyboard alone', async () => {
    await enter('/');
    await page.keyboard.press('/');
    await page.keyboard.type('1884162');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
    await page.getByText('1 order; 100,000 in all').waitFor();
    expect(pathOf()).toBe('/orders?search=1884162');
    await page.keyboard.press('Escape');
    await page.locator('main').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Order ${idOf(ORDERS - 2)}` }).waitFor();
    await page.getByText('Reference, customer, date, net, VAT and accounts are as in the draft.').waitFor();
    await page.goBack();
    await page.getByText('1 order; 100,000 in all').waitFor();
  });

  test('the palette and the list of keys open, act and close by keyboard', async () => {
    await enter('/');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await expectAccessible(page);
    await page.keyboard.type('runs');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('switch').press('Space');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.keyboard.press('Control+k');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('a hundred thousand orders are a list of which the page holds a screenful', async () => {
    await enter('/orders');
    await page.getByText('100 orders loaded, more below; 100,000 in all').waitFor();
    const frame = page.getByRole('region', { name: 'Orders, newest first' });
    for (let turn = 0; turn < 12; turn++) {
      await frame.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.waitForTimeout(150);
    }
    await expect.poll(() => page.getByText(/^\d,?\d{3} orders loaded/).count()).toBe(1);
    expect(await rows().count()).toBeLessThan(80);
  });

  test('a filter is an address, and leads to exactly the orders that a figure counts', async () => {
    await enter('/');
    await page.getByRole('link', { name: 'Waiting 30' }).click();
    await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
    expect(pathOf()).toBe('/orders?from=2026-11-23&to=2026-11-23&stage=waiting');
    await page.getByLabel('Marketplace').selectOption('Amazon.de');
    await expect.poll(pathOf).toContain('marketplace=Amazon.de');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(pathOf).toBe('/orders');
  });

  test('new orders wait behind a button, and the list does not move', async () => {
    await enter('/orders');
    const first = await rows().first().textContent();
    fake.arrive(12);
    const news = page.getByRole('button', { name: '12 new · show' });
    await news.waitFor();
    expect(await rows().first().textContent()).toBe(first);
    await news.click();
    await expect.poll(() => rows().first().textContent()).toBe(idOf(ORDERS + 11));
    expect(await page.getByRole('button', { name: /new · show/ }).count()).toBe(0);
  });

  test('figures follow what happens, and stand still when asked to', async () => {
    await enter('/');
    await page.getByRole('link', { name: 'Orders in 412' }).waitFor();
    fake.arrive(3);
    await page.getByRole('link', { name: 'Orders in 415' }).waitFor();
    await page.keyboard.press('p');
    await page.getByText('Paused by you').first().waitFor();
    fake.arrive(3);
    await page.waitForTimeout(1500);
    expect(await page.getByRole('link', { name: 'Orders in 415' }).count()).toBe(1);
    await page.keyboard.press('p');
    await page.getByRole('link', { name: 'Orders in 418' }).waitFor();
  });

  test('a page whose stream is down says since when, and recovers by itself', async () => {
    await enter('/');
    fake.breakStreams();
    await page.getByText('Not live since').first().waitFor({ timeout: 15_000 });
    await expectAccessible(page);
    fake.heal();
    await page.getByRole('button', { name: /^Live:/ }).waitFor({ timeout: 20_000 });
    expect(await page.getByText('Not live since').count()).toBe(0);
  });

  test('an item is closed with a note, and the list says what is left', async () => {
    await enter('/review');
    await page.getByText('3 items need you.').waitFor();
    await page.keyboard.press('j');
    await page.getByRole('button', { name: 'Close this item' }).first().click();
    await page.getByLabel('What was done about it?').fill('The account was added.');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Close item', exact: true }).click();
    await page.getByText('2 items need you.').waitFor();
    expect(fake.reviews[0]).toMatchObject({ note: 'The account was added.', closed_by: 'owner' });
  });

  test('a settlement is opened with the keyboard alone, and says in words how its payout stands', async () => {
    await enter('/settlements?stage=posted');
    await page.getByText('1 settlement', { exact: true }).waitFor();
    await page.locator('main').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Settlement 26031877011' }).waitFor();
    await page.getByText('Payout £1,234.56 reconciles to £0.00.').waitFor();
    await page.getByRole('img', { name: /From sales to the payout/ }).waitFor();
    expect(pathOf()).toBe('/settlements/main/GBP/26031877011');
    await page.goto(`${url}/settlements/main/GBP/999`);
    await page.getByRole('alert').getByText('We have never received this settlement.').waitFor();
  });

  test('settlement files are handed in together, and each says what became of it', async () => {
    await enter('/settlements');
    const files = [['new.txt', '26031877055'], ['again.txt', '26031877011'], ['invoice.pdf', '%PDF-1.7']] as const;
    await page.getByLabel('Settlement files').setInputFiles(files.map(([name, text]) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })));
    await page.getByRole('alert').getByText('This is a PDF document, not a settlement.').waitFor();
    await page.getByText('It was known already; nothing was changed.').waitFor();
    expect(fake.asked).toEqual(files.map(([name]) => `upload main ${name}`));
    await expectAccessible(page);
    await page.getByRole('link', { name: '26031877011 in GBP' }).first().click();
    await page.getByText('Payout £1,234.56 reconciles to £0.00.').waitFor();
  });

  test('a dropped file is handed in', async () => {
    await enter('/settlements');
    const zone = page.getByRole('region', { name: 'Hand in a settlement' });
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['26031877066'], 'dropped.txt'));
      return transfer;
    });
    await zone.dispatchEvent('drop', { dataTransfer: data });
    await zone.getByText('dropped.txt').waitFor();
    expect(fake.asked).toEqual(['upload main dropped.txt']);
  });

  test('an amount that cannot be read is accepted with the keyboard alone, and a wrong one says why not', async () => {
    await enter('/settlements/main/GBP/26031877022');
    await page.getByRole('button', { name: 'Accept an amount for line 17' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Accept an amount for line 17' }).waitFor();
    const field = page.getByLabel('Amount in GBP');
    expect(await field.inputValue()).toBe('12.34');
    await expectAccessible(page);
    await field.fill('12,3');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('it is no amount').waitFor();
    await field.fill('12.34');
    await page.keyboard.press('Enter');
    await page.getByText('Accepted', { exact: true }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(fake.asked.at(-1)).toBe('accept 26031877022 17 12.34');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('It is due now.').waitFor();
    expect(fake.asked.at(-1)).toBe('retry 26031877022');
  });

  test('without settlements the page says what will come, and a stage without any leads back to all', async () => {
    await enter('/settlements?stage=posting');
    await page.getByRole('button', { name: 'Show all settlements' }).click();
    await page.getByText('4 settlements').waitFor();
    fake.settlements = [];
    await enter('/settlements');
    await page.getByText('No settlement was received yet.').waitFor();
    await expectAccessible(page);
  });

  test('a paused connection is the first thing one sees, and goes on when its cause is gone', async () => {
    fake.paused = true;
    await enter('/');
    await page.getByText('The connection to KashFlow is paused.').first().waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'I have done it: go on' }).click();
    await page.getByText('3 items need you.').first().waitFor();
  });

  test('an order that failed is tried again', async () => {
    const failed = idOf(ORDERS - 5);
    await enter(`/orders/main/${failed}`);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('It is due now.').waitFor();
    expect(fake.retried).toEqual([failed]);
  });

  test('an order nobody has heard of says so, and the server being gone says so too', async () => {
    await enter('/orders/main/999-0000000-0000000');
    await page.getByRole('alert').getByText('We have never heard of this order.').waitFor();
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expectAccessible(page);
    await context.setOffline(false);
  });

  test('the colours can be chosen, and are there before the first paint next time', async () => {
    await enter('/');
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe('dark');
  });
});
