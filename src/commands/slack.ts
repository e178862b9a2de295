import { inputError, outsideError } from '../errors.ts';

/** Milliseconds for an answer. */
const ANSWER_WITHIN = 10_000;

/** Times that a message is sent until it is given up. */
const ATTEMPTS = 2;

/**
 * Sends a message to a webhook of Slack's format.
 *
 * @param urlEnv the environment variable that holds its address
 * @param about what the message is of, for the error
 * @throws {PromptlineError} that does not hold the address
 */
export async function sendToSlack(
  urlEnv: string,
  { text, about }: { readonly text: string; readonly about: string },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const url = environment[urlEnv];
  if (!url)
    throw inputError(`${urlEnv} is not set, so nobody was told`, 'Set it to the address of the webhook');
  let problem = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text }),
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
      await response.body?.cancel();
      if (response.ok) return;
      problem = `it answered ${response.status}`;
    } catch (error) {
      // The address is a secret, and fetch puts it into some of its messages.
      problem =
        error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no connection';
    }
  }
  throw outsideError(
    `the webhook of ${urlEnv} was not told of ${about}: ${problem}`,
    'Check the address; nothing else is affected',
  );
}
