/** What the browser tests look at: a running server if the environment names one, else the fake one. */
import type { BrowserContext } from 'playwright-core';
import { FakeServer, PASSWORD } from './fake/server';

export type Target = { url: string; fake: FakeServer | null; signIn: (context: BrowserContext) => Promise<void>; stop: () => Promise<void> };

/**
 * `TILLBRIDGE_URL` names a running server and `TILLBRIDGE_OWNER_LINK` the one-time link it printed, which is used up.
 * `TILLBRIDGE_PASSWORD` is the owner's password from then on, or the one that is set already if there is no link.
 */
export async function target(): Promise<Target> {
  const { TILLBRIDGE_URL: url, TILLBRIDGE_OWNER_LINK: link, TILLBRIDGE_PASSWORD: password = PASSWORD } = process.env;
  if (!url) {
    const fake = new FakeServer();
    const at = await fake.start();
    return { url: at, fake, signIn: (context) => signIn(context, at, PASSWORD), stop: () => fake.stop() };
  }
  let isSet = !link;
  const enter = async (context: BrowserContext) => {
    if (!isSet && link) await setPassword(context, link, password);
    isSet = true;
    await signIn(context, url, password);
  };
  return { url, fake: null, signIn: enter, stop: async () => {} };
}

async function signIn(context: BrowserContext, url: string, password: string): Promise<void> {
  const answer = await context.request.post(`${url}/api/v1/session`, { data: { password }, headers: { origin: url } });
  if (!answer.ok()) throw new Error(`cannot sign in: ${answer.status()} ${await answer.text()}`);
}

async function setPassword(context: BrowserContext, link: string, password: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(link);
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Set the password and sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.close();
}
