import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../e2e/in-process.ts';
import { prompt } from '../rollout/fixtures.ts';
import { callLine, start } from '../telemetry/otlp-lines.ts';
import { rolledOut } from '../watch/rolled-out.ts';

const environment = { GITHUB_ACTOR: 'ada', PATH: process.env['PATH'] ?? '' };

async function repository() {
  const rollout = await rolledOut();
  writeFileSync(
    path.join(rollout.folder, 'promptline.yaml'),
    'families: {}\nrollout: { metrics: { success: {} } }\ntelemetry: { sources: [{ type: otlp-file, path: telemetry }] }\n',
  );
  const command = (...args: string[]) => run(rollout.folder, args, { environment });
  return { ...rollout, command };
}

describe('rollout, without GitHub', () => {
  it('reverts and freezes in an emergency, says who and why, and names the records that failed', async () => {
    const { command, state, manifest } = await repository();
    const { code, stdout, stderr } = await command(
      'rollout',
      'revert',
      prompt,
      '--emergency',
      '--reason',
      'wrong answers',
    );
    expect([code, stdout]).toEqual([
      0,
      `${prompt}: 1.0.0 is served to everybody; 1.1.0 was reverted: wrong answers\n`,
    ]);
    expect(stderr).toContain('there is no token for GitHub');
    const { frozen, log } = await state();
    expect([frozen?.by, log.at(-1)?.by, log.at(-1)?.reasons]).toEqual(['ada', 'ada', ['wrong answers']]);
    expect(manifest().flags[`prompt.${prompt}`]?.variants.canary).toBeUndefined();
  });

  it('freezes, unfreezes and clears, each once, and refuses what makes no sense', async () => {
    const { command, state } = await repository();
    expect((await command('rollout', 'freeze', prompt, '--reason', 'holidays')).code).toBe(0);
    const again = await command('rollout', 'freeze', prompt, '--reason', 'holidays');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('frozen by ada (holidays)')]);
    const advanced = await command('rollout', 'advance', prompt, '--reason', 'sure');
    expect([advanced.code, advanced.stderr]).toEqual([2, expect.stringContaining('unfreeze first')]);
    expect((await command('rollout', 'unfreeze', prompt, '--reason', 'back')).code).toBe(0);
    expect((await command('rollout', 'revert', prompt, '--reason', 'bad')).code).toBe(0);
    expect((await command('rollout', 'clear', prompt, '--reverted', '2.0.0', '--reason', 'x')).code).toBe(2);
    expect((await command('rollout', 'clear', prompt, '--reason', 'a false alarm')).code).toBe(0);
    const { log, quarantine } = await state();
    expect(log.slice(2).map(({ what }) => what)).toEqual(['frozen', 'unfrozen', 'reverted', 'cleared']);
    expect(quarantine).toEqual([]);
  });

  it('serves no next step whose content nobody can be shown to have published', async () => {
    const { command, state } = await repository();
    const { code, stderr } = await command('rollout', 'advance', prompt, '--reason', 'sure');
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no token for GitHub')]);
    expect((await state()).canary?.percent).toBe(10);
  });

  it('shows where rollouts stand, for people and for programs', async () => {
    const { command } = await repository();
    const { stdout } = await command('rollout', 'status');
    expect(stdout).toBe(`${prompt} 1.1.0 at 10 %: nothing is known yet\n`);
    const document = JSON.parse((await command('rollout', 'status', '--json')).stdout);
    expect(document).toMatchObject({
      schema: 1,
      rollouts: [{ prompt, canary: { percent: 10 }, generation: 2 }],
    });
    const wrong = await command('rollout', 'status', 'query_processing/defualt');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining(`Did you mean "${prompt}"?`)]);
  });

  it('wants a reason', async () => {
    const { command } = await repository();
    expect((await command('rollout', 'revert', prompt)).code).toBe(2);
    expect((await command('rollout', 'revert', prompt, '--reason', ' ')).code).toBe(2);
  });

  it('plans by the traffic that telemetry shows', async () => {
    const { command, write } = await repository();
    const now = Date.now() - start;
    // Of the day before that, which is not measured.
    for (let user = 0; user < 50; user++)
      write(callLine({ at: now - 30 * 3_600_000 + user, user: `u ${user}`, version: '1.0.0' }));
    for (let user = 0; user < 600; user++)
      write(
        callLine({
          at: now - 600_000 + user * 1000,
          user: `u ${user}`,
          version: '1.0.0',
          failed: user % 10 === 0,
        }),
      );
    const { stdout, stderr } = await command('rollout', 'plan', prompt);
    expect(stderr).toContain(`${prompt} 1.0.0: 1,200 events of `);
    expect(stderr).not.toContain('another step');
    expect(stdout).toContain('At 60 new users a minute.');
    expect(stdout).toMatch(/\| success \| 15 % \| \d+ in .*; \d+ in /);
    expect(stdout).toContain('at most 5 % are ever reverted by mistake');
    const { traffic } = JSON.parse((await command('rollout', 'plan', prompt, '--json')).stdout);
    expect(traffic.usual).toMatchObject({ success: expect.closeTo(0.9), latency: expect.closeTo(800) });
  });
});

it('plans for no metric that is not watched', async () => {
  const { command } = await repository();
  const { code, stderr } = await command(
    'rollout',
    'plan',
    '--users-per-minute',
    '9',
    '--usual',
    'sucess=0.9',
  );
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining('no "sucess". Give a usual value of one of: success'),
  ]);
});

describe('watch', () => {
  it('tells of a replayed day what changed, and not each of its minutes', async () => {
    const { command, write } = await repository();
    for (let number = 0; number < 24 * 6; number++)
      write(callLine({ at: number * 600_000, user: `u ${number}`, version: '1.9.0', generation: 77 }));
    const replay = ['watch', prompt, '--replay', 'telemetry', '--versions', '1.9.0..2.0.0'];
    const { stderr } = await command(...replay, '--interval', '5m');
    expect(stderr.split('\n').length).toBeLessThan(20);
    expect(stderr).toContain('[2 events of ');
  });

  it('names a prompt that is not there', async () => {
    const { command, folder } = await repository();
    mkdirSync(path.join(folder, 'prompts/a'), { recursive: true });
    writeFileSync(path.join(folder, 'prompts/a/new.prompt.yaml'), 'messages: []\n');
    const { code, stderr } = await command('watch', 'a/nwe', '--once', '--dry-run');
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no prompt "a/nwe"')]);
    // Never released, and there.
    expect((await command('watch', 'a/new', '--once', '--dry-run')).code).toBe(0);
    expect((await command('watch', prompt, '--once', '--dry-run')).code).toBe(0);
  });

  it('replays recorded telemetry by its own clock', async () => {
    const { command, write, history } = await repository();
    const before = history();
    // A year ago, five users a second; the new version fails every other time.
    for (let user = 0; user < 3000; user++) {
      const version = user % 10 === 0 ? '2.0.0' : '1.9.0';
      const failed = version === '2.0.0' ? user % 20 === 0 : user % 11 === 0;
      write(
        callLine({ at: -365 * 86_400_000 + user * 200, user: `u ${user}`, version, failed, generation: 77 }),
      );
    }
    const { code, stdout } = await command(
      'watch',
      prompt,
      '--replay',
      'telemetry',
      '--versions',
      '1.9.0..2.0.0',
      '--json',
    );
    const { happened } = JSON.parse(stdout);
    expect([code, happened.at(-1)]).toEqual([
      1,
      expect.objectContaining({ what: 'reverted', version: '2.0.0' }),
    ]);
    const minutes = (Date.parse(happened.at(-1).at) - (start - 365 * 86_400_000)) / 60_000;
    expect(minutes).toBeLessThan(5);
    expect(history()).toEqual(before);
  });

  it('says what it lacks', async () => {
    const { command, folder } = await repository();
    writeFileSync(path.join(folder, 'promptline.yaml'), 'families: {}\nrollout: {}\n');
    const { code, stderr } = await command('watch', '--once');
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no telemetry to watch')]);
    expect((await command('watch', '--interval', '0s')).code).toBe(2);
    expect((await command('watch', '--interval', '25h')).stderr).toContain('Give 1s to 24h');
  });
});
