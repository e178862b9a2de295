import { nearest } from '../../files/nearest.ts';
import type { CompositeConfig, Composites } from './composite-config.ts';

/** The reserved provider of composites. (`together` would read well, but is the name of a real one.) */
export const COMPOSITE = 'composite';

const PREFIX = `${COMPOSITE}/`;

/** What is wrong with a reference to a composite, and where in the configuration it stands. */
export type ReferenceProblem = { readonly path: readonly (string | number)[]; readonly message: string };

/** Whether a reference names a composite, existing or not. */
export function isComposite(reference: string): boolean {
  return reference.startsWith(PREFIX);
}

/** The composite a reference names; undefined where there is none. */
export function findComposite(reference: string, composites: Composites): CompositeConfig | undefined {
  const name = reference.slice(PREFIX.length);
  return isComposite(reference) && Object.hasOwn(composites, name) ? composites[name] : undefined;
}

/** In words, for a reference that `findComposite` does not find. */
export function describeUnknown(reference: string, composites: Composites): string {
  const known = Object.keys(composites);
  const guess = nearest(reference.slice(PREFIX.length), known);
  const all = known.map((name) => PREFIX + name).join(', ');
  const hint = guess ? `did you mean "${PREFIX}${guess}"?` : `there are: ${all || 'none'}`;
  return `"${reference}" is not under \`composites\`; ${hint}`;
}

/** References from one composite to another that lead nowhere, or back to where they start: each circle once. */
export function referenceProblems(composites: Composites): ReferenceProblem[] {
  const inCircle = new Set<string>();
  return Object.entries(composites).flatMap(([name, config]) =>
    placedReferences(config).flatMap(({ path, reference }) => {
      if (!isComposite(reference)) return [];
      const problem = (message: string) => [{ path: [name, ...path], message }];
      if (!findComposite(reference, composites)) return problem(describeUnknown(reference, composites));
      const circle = wayBack(reference, PREFIX + name, composites);
      if (!circle || circle.some((each) => inCircle.has(each))) return [];
      for (const each of circle) inCircle.add(each);
      return problem(`${PREFIX}${name} would contain itself: ${[PREFIX + name, ...circle].join(', ')}`);
    }),
  );
}

/** The references from `from` to `to`, both included; null when none leads there. */
function wayBack(from: string, to: string, composites: Composites): readonly string[] | null {
  const visited = new Set<string>();
  const search = (reference: string): readonly string[] | null => {
    if (reference === to) return [reference];
    if (visited.has(reference)) return null;
    visited.add(reference);
    const config = findComposite(reference, composites);
    for (const next of config ? placedReferences(config) : []) {
      const way = search(next.reference);
      if (way) return [reference, ...way];
    }
    return null;
  };
  return search(from);
}

/** A reference and every one it leads to through composites: what a question to it may ask. */
export function reachable(reference: string, composites: Composites): string[] {
  const found = new Set([reference]);
  for (const each of found) {
    const config = findComposite(each, composites);
    for (const next of config ? placedReferences(config) : []) found.add(next.reference);
  }
  return [...found];
}

function placedReferences(config: CompositeConfig) {
  const models = config.models.map((reference, index) => ({ path: ['models', index], reference }));
  return config.type === 'best' ? [...models, { path: ['judge'], reference: config.judge }] : models;
}
