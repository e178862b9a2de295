/** What a window says, to whatever question. */
export type Spoken = {
  /** When it was shown to be wrong, milliseconds since 1970; null where it was not. */
  readonly provenAt: number | null;
  /** Whether there is enough to say anything. */
  readonly isJudged: boolean;
  readonly isRight: boolean;
};

/** A window with what it says. */
export type JudgedWindow<Judgement extends Spoken = Spoken> = {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Whether no more can come: a window is wrong as soon as it is shown to be, and right only when it is over. */
  readonly isOver: boolean;
  readonly judgement: Judgement;
};

/** Where a rule stands. */
export type Standing<Judgement extends Spoken = Spoken> = {
  /**
   * `quiet`: nothing is wrong. `pending`: wrong, and not for long enough. `firing`: somebody is to be told. `resolved`: it was firing, and
   * is right again.
   */
  readonly state: 'quiet' | 'pending' | 'firing' | 'resolved';
  /** When it began to fire, and when the last window ended that made it right; milliseconds since 1970. */
  readonly firedAt: number | null;
  readonly resolvedAt: number | null;
  /** The window that speaks last: that made it fire, or the latest with enough values. */
  readonly window: JudgedWindow<Judgement> | null;
};

/**
 * Follows a rule through consecutive windows. It fires after `sustained` windows in a row that are proven wrong, and is resolved after
 * `resolved` in a row whose estimate is right: between the two lies what is neither, and changes nothing, so that a value near the
 * bound does not go to and fro. Windows with too few values are passed over.
 *
 * @param windows oldest first
 */
export function follow<Judgement extends Spoken>(
  windows: readonly JudgedWindow<Judgement>[],
  { sustained, resolved }: { readonly sustained: number; readonly resolved: number },
): Standing<Judgement> {
  let standing: Standing<Judgement> = { state: 'quiet', firedAt: null, resolvedAt: null, window: null };
  let [wrong, right] = [0, 0];
  for (const window of windows) {
    const { provenAt, isJudged, isRight } = window.judgement;
    if (provenAt !== null) {
      [wrong, right] = [wrong + 1, 0];
      if (standing.state === 'firing') standing = { ...standing, window };
      else if (wrong >= sustained)
        standing = { state: 'firing', firedAt: provenAt, resolvedAt: null, window };
      else standing = { ...standing, state: 'pending', window };
    } else if (window.isOver && isJudged) {
      wrong = 0;
      right = isRight ? right + 1 : 0;
      if (standing.state === 'pending') standing = { ...standing, state: stateBefore(standing), window };
      else if (standing.state === 'firing' && right >= resolved)
        standing = { ...standing, state: 'resolved', resolvedAt: window.to, window };
      else standing = { ...standing, window };
    }
  }
  return standing;
}

/** A rule that was pending and comes to nothing. */
function stateBefore({ resolvedAt }: Standing): Standing['state'] {
  return resolvedAt === null ? 'quiet' : 'resolved';
}
