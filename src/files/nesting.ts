/**
 * Lists and objects inside one another: far more than honest data has, far fewer than end the stack of what walks through them.
 * `JSON.parse` itself reads a hundred thousand, which nothing else can.
 */
export const DEEPEST = 200;

/** Whether a value of JSON holds more than so many levels of lists and objects. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeperThan(each, levels - 1));
}
