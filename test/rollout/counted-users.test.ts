import { expect, test } from 'vitest';
import { targetingKeyOf } from '../../src/rollout/assign.ts';
import { type CountedUsers, openCountedUsers } from '../../src/rollout/counted-users.ts';

const keys = Array.from({ length: 20_000 }, (_, index) => targetingKeyOf(`user ${index}`));

test('everybody is recognised after each restart, few new users are mistaken, and the filter stays small', () => {
  let counted: CountedUsers = [];
  let mistaken = 0;
  for (let start = 0; start < keys.length; start += 2500) {
    const editor = openCountedUsers(JSON.parse(JSON.stringify(counted)));
    for (const key of keys.slice(start, start + 2500)) if (!editor.add(key)) mistaken++;
    counted = editor.close();
  }
  const again = openCountedUsers(counted);
  expect(keys.filter((key) => again.add(key))).toEqual([]);
  expect(mistaken / keys.length).toBeLessThan(0.01);
  expect(mistaken).toBeGreaterThan(0);
  expect(JSON.stringify(counted).length).toBeLessThan(5 * keys.length);
});
