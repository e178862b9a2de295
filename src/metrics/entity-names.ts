import { normaliseName } from './names.ts';

/**
 * A function that gives every name of an entity one form, by `aliases` (`{canonical name: [other names]}`). A name
 * in `own`, or a canonical one, stands for itself also where it is listed as another's alias; an alias that several
 * entities share says nothing about which is meant, and stands for itself too.
 */
export function entityNames(
  own: readonly string[],
  aliases: Readonly<Record<string, readonly string[]>>,
): (name: string) => string {
  const canonical = new Set([...own, ...Object.keys(aliases)].map(normaliseName));
  const owners = new Map<string, Set<string>>();
  for (const [name, others] of Object.entries(aliases)) {
    for (const alias of others.map(normaliseName).filter((other) => !canonical.has(other))) {
      owners.set(alias, (owners.get(alias) ?? new Set()).add(normaliseName(name)));
    }
  }
  return (name) => {
    const normalised = normaliseName(name);
    const [owner, another] = owners.get(normalised) ?? [];
    return owner !== undefined && another === undefined ? owner : normalised;
  };
}
