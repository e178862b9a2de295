/** The exit codes of every command; others build on them. */
export const exitCodes = {
  fine: 0,
  /** A gate failed or a regression stands. */
  gate: 1,
  /** The user's files or options are wrong. */
  input: 2,
  /** The outside failed: provider, network, disk. */
  outside: 3,
} as const;
