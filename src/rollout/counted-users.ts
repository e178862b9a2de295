import { murmur3 } from './murmur3.ts';

/**
 * Who has been counted: a scalable Bloom filter (Almeida, Baquero, Preguiça and Hutchison, Information Processing Letters 101, 2007).
 * A key that was added is always recognised; about one in 300 new ones is taken for an old one, and its user passed over whatever the
 * outcome. 1.5 bytes for each key (2 in base64), and no list of users in the repository.
 */
export type CountedUsers = readonly { readonly users: number; readonly bits: string }[];

const FIRST_CAPACITY = 1024;
const GROWTH = 4;
const BITS_PER_USER = 12;
const HASHES = 8;

type Layer = { users: number; readonly bits: Uint8Array };

/** The filter opened for adding: decoding and encoding it costs more than adding one key. */
export type CountedUsersEditor = {
  /** Adds a key; false when it was there already. */
  add(key: string): boolean;
  close(): CountedUsers;
};

export function openCountedUsers(counted: CountedUsers): CountedUsersEditor {
  const layers: Layer[] = counted.map(({ users, bits }) => ({
    users,
    bits: new Uint8Array(Buffer.from(bits, 'base64')),
  }));
  return {
    add(key) {
      const bytes = new TextEncoder().encode(key);
      const hashes = [murmur3(bytes), murmur3(bytes, 0x9747b28c) | 1] as const;
      if (layers.some((layer) => has(layer, hashes))) return false;
      put(roomyLayer(layers), hashes);
      return true;
    },
    close: () => layers.map(({ users, bits }) => ({ users, bits: Buffer.from(bits).toString('base64') })),
  };
}

/** The last layer, or a new and larger one when it is full. */
function roomyLayer(layers: Layer[]): Layer {
  const last = layers.at(-1);
  if (last && last.users < (last.bits.length * 8) / BITS_PER_USER) return last;
  const capacity = FIRST_CAPACITY * GROWTH ** layers.length;
  const layer: Layer = { users: 0, bits: new Uint8Array((capacity * BITS_PER_USER) / 8) };
  layers.push(layer);
  return layer;
}

type Hashes = readonly [first: number, second: number];

function has({ bits }: Layer, hashes: Hashes): boolean {
  return places(hashes, bits).every((place) => ((bits[place >>> 3] ?? 0) & (1 << (place & 7))) !== 0);
}

function put(layer: Layer, hashes: Hashes): void {
  layer.users += 1;
  for (const place of places(hashes, layer.bits)) {
    layer.bits[place >>> 3] = (layer.bits[place >>> 3] ?? 0) | (1 << (place & 7));
  }
}

/** Two hashes stand for many: first + i * second (Kirsch and Mitzenmacher, 2006). */
function places([first, second]: Hashes, bits: Uint8Array): readonly number[] {
  return Array.from({ length: HASHES }, (_, index) => ((first + index * second) >>> 0) % (bits.length * 8));
}
