import { describe, expect, it } from 'vitest';
import { badWording, goodWording, prompt, promptFile, repositoryOnGitHub } from './repository-on-github.ts';

const bad = { [prompt]: promptFile(badWording) };

describe.concurrent('a pull request that breaks a prompt', () => {
  it('fails a check with an annotation at the messages of the prompt', async (context) => {
    const { pullRequest, evaluate, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest(bad);
    const result = await evaluate(number);
    console.log(result.stdout, result.stderr, result.summary);
    expect(result).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '1' } });
    const checks = await checksAt(commit);
    console.log(JSON.stringify(checks, null, 1));
  });
});
