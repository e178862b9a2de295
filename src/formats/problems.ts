import { quoted } from './wording.ts';

/** Collects problems: each kind is named once, with the first piece of the answer that shows it. */
export class Problems {
  private readonly byKind = new Map<string, { count: number; piece: string | undefined }>();

  add(kind: string, piece?: string): void {
    const known = this.byKind.get(kind);
    this.byKind.set(kind, { count: (known?.count ?? 0) + 1, piece: known?.piece ?? piece });
  }

  described(): string[] {
    return [...this.byKind].map(([kind, { count, piece }]) => {
      if (piece === undefined) return kind;
      return count === 1 ? `${kind}: ${quoted(piece)}` : `${kind}: ${quoted(piece)} (and ${count - 1} more)`;
    });
  }
}
