// Fails the build when the scripts of the first page weigh more than the budget.
import { readFileSync, statSync } from 'node:fs';

const BUDGET_KB = 300;
const dist = new URL('../dist/', import.meta.url).pathname;
const page = readFileSync(`${dist}index.html`, 'utf8');
const files = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1]);
if (files.length === 0) throw new Error('dist/index.html loads no script: the build is broken');

let total = 0;
for (const file of new Set(files)) {
  const kb = statSync(`${dist}${file}.gz`).size / 1000;
  total += kb;
  console.log(`${kb.toFixed(1).padStart(7)} kB gz  ${file}`);
}
console.log(`${total.toFixed(1).padStart(7)} kB gz  first load, of ${BUDGET_KB} kB allowed`);
if (total > BUDGET_KB) {
  console.error('The first page is too heavy: load what it does not need at once from a lazy route.');
  process.exit(1);
}
