import { keyOf } from './keys.ts';
import { createRecent } from './recent.ts';

type Exposed = { readonly user: string; readonly at: number };

/**
 * Which users gave a thumbs-down. A user without one is as much evidence as one with, and few users say anything; so whoever made a
 * call counts, once the time for feedback is over.
 */
export type Feedback<User extends Exposed> = {
  expose(user: User): void;
  dislike(user: string): void;
  /** Users whose call was before a time, in the order of their calls. */
  settleBefore(time: number, settled: (user: User, liked: boolean) => void): void;
};

export function awaitFeedback<User extends Exposed>(onOverflow: () => void): Feedback<User> {
  const exposed = createRecent<{ readonly user: User; liked: boolean }>(onOverflow);
  return {
    expose(user) {
      const key = keyOf(user.user);
      if (!exposed.has(key)) exposed.set(key, { user, liked: true }, user.at);
    },
    dislike(user) {
      const known = exposed.get(keyOf(user));
      if (known) known.liked = false;
    },
    settleBefore(time, settled) {
      exposed.forgetBefore(time, ({ user, liked }) => settled(user, liked));
    },
  };
}
