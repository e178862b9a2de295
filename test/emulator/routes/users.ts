import { actorOf, type Call, ok, part, type Reply, type Route } from '../call.ts';
import { notAccessible, notFound } from '../failures.ts';
import { rateView } from '../limits.ts';
import { publicUserView } from '../views/accounts.ts';

export const userRoutes: readonly Route[] = [
  { id: 'users/get-authenticated', needs: undefined, answer: getSelf },
  { id: 'users/get-by-username', needs: undefined, answer: getUser },
  { id: 'rate-limit/get', needs: undefined, answer: getLimits },
];

/** Apps have no user; their bot is found by its login, `SLUG[bot]`. */
function getSelf(call: Call): Reply {
  const account = actorOf(call);
  if (call.token?.app) throw notAccessible('integration');
  return ok(publicUserView(call.github, account));
}

function getUser(call: Call): Reply {
  const account = call.github.accounts.get(part(call, 'username'));
  if (!account) throw notFound();
  return ok(publicUserView(call.github, account));
}

function getLimits({ token }: Call): Reply {
  const rate = rateView(token);
  return ok({ resources: { core: rate, search: rate, graphql: rate }, rate });
}
