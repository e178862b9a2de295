/** Which version a user gets. */
export type Arm = 'control' | 'canary';

/** A sum of values in [0, 1], one for each user. */
type ArmSum = { readonly users: number; readonly sum: number };

/**
 * Users who arrived one after the other, until each arm has one. Both arms of a block live through the same minutes at the same
 * percentage, so neither a decline that both share nor a step of the rollout looks like a difference between them. When a block ends
 * is decided by arms alone, never by values, which keeps its means unbiased.
 */
export type Block = Readonly<Record<Arm, ArmSum>>;

/** The arms' means of a complete block. */
export type BlockMeans = Readonly<Record<Arm, number>>;

const nobody: ArmSum = { users: 0, sum: 0 };

export const emptyBlock: Block = { control: nobody, canary: nobody };

/**
 * Adds one user's value to the open block.
 *
 * @param value in [0, 1]
 * @returns the block to go on with, and the means when the user completed one
 */
export function addToBlock(
  block: Block,
  arm: Arm,
  value: number,
): { readonly block: Block; readonly complete: BlockMeans | null } {
  const grown: Block = { ...block, [arm]: { users: block[arm].users + 1, sum: block[arm].sum + value } };
  const { control, canary } = grown;
  if (control.users === 0 || canary.users === 0) return { block: grown, complete: null };
  return {
    block: emptyBlock,
    complete: { control: control.sum / control.users, canary: canary.sum / canary.users },
  };
}
