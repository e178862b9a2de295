import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (page: string) => readFileSync(path.join(root, page), 'utf8');
const pages = ['README.md', ...readdirSync(path.join(root, 'docs')).filter(isPage).map(inDocs)];

function isPage(name: string): boolean {
  return name.endsWith('.md');
}

function inDocs(name: string): string {
  return `docs/${name}`;
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(page: string): Set<string> {
  const headings = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe.each(pages)('%s', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]+))?\)/g)];

  it('leads to pages and headings that are there', () => {
    for (const [, file = '', anchor] of links) {
      const target = file === '' ? page : path.join(path.dirname(page), file);
      expect({ [target]: existsSync(path.join(root, target)) }).toEqual({ [target]: true });
      if (anchor !== undefined)
        expect({ [`${target}#${anchor}`]: anchorsOf(target).has(anchor) }).toEqual({
          [`${target}#${anchor}`]: true,
        });
    }
  });
});

it('the README leads to every page', () => {
  for (const page of pages.slice(1)) expect(read('README.md')).toContain(`(${page}`);
});
