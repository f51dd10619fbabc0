import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/${path}`);

/** The center's own code; the sandbox is another company. */
const sources = filesIn('functions')
  .filter((path) => !path.startsWith('functions/sandbox/'))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const linesOf = (text: string) => text.trimEnd().split('\n').length;

describe('in the code', () => {
  test('the clock and the dice come in from the wiring', () => {
    const allowed = /^functions\/(runtime\/(wiring|aws)\/|runtime\/idempotency|kernel\/clock\.ts)/;
    const own = /\b(Date\.now\(\)|new Date\(\)|Math\.random\(\)|randomUUID\(\)|setTimeout\()/;
    const breaking = sources.filter(({ path, text }) => !allowed.test(path) && own.test(text)).map(({ path }) => path);
    expect(breaking).toEqual([]);
  });

  test('an entry point is thin: at most 60 lines', () => {
    const thick = sources
      .filter(({ path, text }) => path.includes('/handlers/') && linesOf(text) > 60)
      .map(({ path, text }) => `${path}: ${linesOf(text)}`);
    expect(thick).toEqual([]);
  });

  test('only stores and the kernel know the commands of DynamoDB', () => {
    const command = /\b(GetItem|PutItem|UpdateItem|DeleteItem|Query|Scan|BatchGetItem|TransactWriteItems)Command\b/;
    const known = /^functions\/(kernel\/|runtime\/aws\/|.*-store\.ts$)/;
    const breaking = sources
      .filter(({ path, text }) => command.test(text) && !known.test(path))
      .map(({ path }) => path);
    expect(breaking).toEqual([]);
  });

  test('stages differ in lib/stages.ts only', () => {
    const breaking = filesIn('lib')
      .filter((path) => path !== 'lib/stages.ts')
      .filter((path) => /stage\.name\s*[!=]==|===\s*'production'/.test(readFileSync(path, 'utf8')));
    expect(breaking).toEqual([]);
  });
});

describe('in the documents', () => {
  const documents = ['README.md', 'README.zh-CN.md', 'docs/runbook.md'];
  const scripts = JSON.parse(readFileSync('package.json', 'utf8')).scripts as Record<string, string>;

  test.each(documents)('%s names only commands that there are', (document) => {
    const text = readFileSync(document, 'utf8');
    const named = [...text.matchAll(/npm (?:run )?([a-z0-9:-]*[a-z0-9])\b/g)].map(([, name = '']) => name);
    const npmsOwn = new Set(['install', 'ci']);
    expect(named.filter((name) => !npmsOwn.has(name) && !(name in scripts))).toEqual([]);
  });

  test.each(documents)('%s links only to files that there are', (document) => {
    const text = readFileSync(document, 'utf8');
    const folder = document.includes('/') ? `${document.slice(0, document.lastIndexOf('/'))}/` : '';
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => `${folder}${path}`);
    expect(links.filter((path) => !exists(path))).toEqual([]);
  });
});

function exists(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR'; // a file is no folder
  }
}
