import { createHash } from 'node:crypto';

/** A text that a judge is shown, under a title of ours. */
export type Section = { readonly title: string; readonly text: string };

export type FencedSections = {
  /** The code in each mark; no section contains it. */
  readonly code: string;
  readonly text: string;
};

/**
 * Sections one after another, each between two marks. The marks carry a code that is the start of a hash over all
 * sections (hashed again should one contain it): whoever wrote a section cannot have known it, so no text can end its
 * section early and pose as instructions.
 */
export function fenced(sections: readonly Section[]): FencedSections {
  const all = JSON.stringify(sections);
  const code = codeOutside(all, digest(all));
  const text = sections
    .map((section) => `[[${code} ${section.title}]]\n${section.text}\n[[${code} end of ${section.title}]]`)
    .join('\n\n');
  return { code, text };
}

function codeOutside(all: string, candidate: string): string {
  return all.includes(candidate) ? codeOutside(all, digest(candidate)) : candidate;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
