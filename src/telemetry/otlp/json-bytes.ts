/*
 * Finding one's way in JSON without parsing it: two operations a byte, where JSON.parse makes objects of everything. Nothing here checks
 * that what is passed over is well formed, only where it ends.
 */

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
/** With this bit, brackets and braces are the same: `{` and `[`, `}` and `]`. */
const [BRACKET_BIT, OPENING, CLOSING] = [0x20, 0x7b, 0x7d];

/** Where there is no end, or something else than what was looked for. */
export const nowhere = -1;

/** The first byte at or after `at` that is no space. */
export function afterSpace(bytes: Buffer, at: number): number {
  let next = at;
  // What is behind the end compares as no space.
  while (Number(bytes[next]) <= 0x20) next += 1;
  return next;
}

/** The byte after the value that begins at `at`; {@link nowhere} where it does not end. */
export function endOfValue(bytes: Buffer, at: number): number {
  const first = Number(bytes[at]);
  if (first === QUOTE) return endOfString(bytes, at);
  return (first | BRACKET_BIT) === OPENING ? endOfNested(bytes, at) : endOfPlain(bytes, at);
}

/**
 * Gives the members of the object, or the elements of the list, that begins at `at`, and returns the byte after it; {@link nowhere} where
 * that is neither, or broken.
 *
 * @param visit gets where a value begins, and for members where the name begins and ends, quotes included; returns where the value ends
 */
export function eachPart(
  bytes: Buffer,
  at: number,
  visit: (value: number, name: number, nameEnd: number) => number,
): number {
  const isObject = bytes[at] === OPENING;
  if ((Number(bytes[at]) | BRACKET_BIT) !== OPENING) return nowhere;
  const closing = isObject ? CLOSING : CLOSING & ~BRACKET_BIT;
  let next = afterSpace(bytes, at + 1);
  if (bytes[next] === closing) return next + 1;
  for (;;) {
    const name = next;
    let nameEnd = next;
    if (isObject) {
      nameEnd = bytes[next] === QUOTE ? endOfString(bytes, next) : nowhere;
      if (nameEnd === nowhere) return nowhere;
      next = afterSpace(bytes, nameEnd);
      if (bytes[next] !== COLON) return nowhere;
      next = afterSpace(bytes, next + 1);
    }
    next = visit(next, name, nameEnd);
    if (next === nowhere) return nowhere;
    next = afterSpace(bytes, next);
    if (bytes[next] === closing) return next + 1;
    if (bytes[next] !== COMMA) return nowhere;
    next = afterSpace(bytes, next + 1);
  }
}

/** Finds which of some names stands between two places, quotes included. Names that are written with escapes are not found. */
type NameTable<Name extends string> = (bytes: Buffer, at: number, end: number) => Name | null;

export function createNameTable<Name extends string>(names: readonly Name[]): NameTable<Name> {
  const byLength: { readonly name: Name; readonly bytes: Buffer }[][] = [];
  for (const name of names) {
    const quoted = Buffer.from(`"${name}"`);
    byLength[quoted.length] = [...(byLength[quoted.length] ?? []), { name, bytes: quoted }];
  }
  return (bytes, at, end) => {
    const known = byLength[end - at];
    if (known === undefined) return null;
    for (const each of known) if (stands(bytes, at, each.bytes)) return each.name;
    return null;
  };
}

/** From the back, where names of one length differ. */
function stands(bytes: Buffer, at: number, name: Buffer): boolean {
  for (let index = name.length - 1; index >= 0; index -= 1)
    if (bytes[at + index] !== name[index]) return false;
  return true;
}

function endOfString(bytes: Buffer, at: number): number {
  const { length } = bytes;
  for (let next = at + 1; next < length; next += 1) {
    const byte = bytes[next];
    if (byte === QUOTE) return next + 1;
    if (byte === BACKSLASH) next += 1;
  }
  return nowhere;
}

function endOfNested(bytes: Buffer, at: number): number {
  const { length } = bytes;
  let depth = 0;
  for (let next = at; next < length; next += 1) {
    const byte = Number(bytes[next]);
    if (byte === QUOTE) {
      next = endOfString(bytes, next) - 1;
      if (next < at) return nowhere;
    } else if ((byte | BRACKET_BIT) === OPENING) depth += 1;
    else if ((byte | BRACKET_BIT) === CLOSING) {
      depth -= 1;
      if (depth === 0) return next + 1;
    }
  }
  return nowhere;
}

/** Of a number, or a word. */
function endOfPlain(bytes: Buffer, at: number): number {
  let next = at;
  for (; next < bytes.length; next += 1) {
    const byte = Number(bytes[next]);
    if (byte === COMMA || (byte | BRACKET_BIT) === CLOSING || byte <= 0x20) break;
  }
  return next === at ? nowhere : next;
}
