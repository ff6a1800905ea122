/** Builds the console before browser tests against the fake server, if that was not done. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export default function setup(): void {
  const root = new URL('../../', import.meta.url).pathname;
  if (process.env.TILLBRIDGE_URL || existsSync(`${root}dist/index.html`)) return;
  execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' });
}
