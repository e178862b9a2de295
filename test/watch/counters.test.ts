import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../e2e/in-process.ts';
import { planWith, prompt } from '../rollout/fixtures.ts';
import { steady } from '../telemetry/counted-application.ts';
import { start } from '../telemetry/otlp-lines.ts';
import {
  absent,
  isPresent,
  type PrometheusServer,
  sourceOf,
  startPrometheus,
} from '../telemetry/prometheus-server.ts';
import { minutes, rolledOut, simulatedClock, watch } from './rolled-out.ts';

describe.skipIf(!isPresent)(`counters of Prometheus${absent}`, () => {
  let server: PrometheusServer;
  beforeAll(async () => {
    server = await startPrometheus({
      samples: [
        ...steady('good', { '1.0.0': 9, '1.1.0': 9 }),
        ...steady('worse', { '1.0.0': 9, '1.1.0': 5 }),
      ],
    });
  });
  afterAll(() => server?.stop());

  describe('under a watch', () => {
    const plan = planWith({ metrics: { success: { from: 'counters' } } });
    const watched = async (name: string) => {
      const rollout = await rolledOut();
      const clock = simulatedClock({ until: 80 * minutes });
      const success = { good: `${name}_total{outcome="success"}`, total: `${name}_total` };
      const counterSources = sourceOf(server.url, { success });
      const outside = { ...rollout.outside, plan };
      const options = { sources: [], counterSources, interval: 15 * minutes };
      const { end: why, happened } = await watch({ ...rollout, outside }, clock, options);
      return { why, happened: happened.map(({ entry }) => entry), passed: clock.passed() };
    };

    it('promote a good version when its time is over', async () => {
      const { why, happened, passed } = await watched('good');
      expect([why, happened.map(({ what }) => what)]).toEqual(['step', ['promoted']]);
      expect(happened[0]?.reasons[0]).toMatch(/^success: 9\d\.\d % with the new version, 9\d\.\d % with/);
      expect(passed).toBeGreaterThanOrEqual(60 * minutes);
      expect(passed).toBeLessThanOrEqual(75 * minutes);
    });

    it('take a bad one back', async () => {
      const { happened, passed } = await watched('worse');
      expect(happened.at(-1)?.what).toBe('reverted');
      expect(passed).toBeLessThanOrEqual(30 * minutes);
    });

    it('promote nothing once the server is out, whatever they said', async () => {
      const rollout = await rolledOut();
      const look = (at: number, url: string) => {
        const success = { good: 'good_total{outcome="success"}', total: 'good_total' };
        return watch(
          { ...rollout, outside: { ...rollout.outside, plan } },
          { ...simulatedClock({ until: 1 }), now: () => start + at },
          { sources: [], counterSources: sourceOf(url, { success }), once: true },
        );
      };
      await look(55 * minutes, server.url);
      await look(61 * minutes, 'http://127.0.0.1:1');
      const { canary } = await rollout.state();
      expect(canary?.percent).toBe(10);
      expect(canary?.decision?.causes).toEqual(['dwell']);
      await look(62 * minutes, server.url);
      expect((await rollout.state()).canary?.percent).toBe(25);
    });
  });

  describe('on the command line', () => {
    async function repository(name: string) {
      const rollout = await rolledOut();
      const counters = { total: `${name}_total`, good: `${name}_total{outcome="success"}` };
      const unwatched = { total: 'nothing_total', bad: 'nothing_total' };
      const labels = { prompt: 'prompt', version: 'version' };
      const source = {
        type: 'prometheus',
        url: server.url,
        labels,
        metrics: { success: counters, unwatched },
      };
      const configuration = {
        families: {},
        rollout: { metrics: { success: { from: 'counters' } } },
        telemetry: { sources: [source] },
      };
      writeFileSync(path.join(rollout.folder, 'promptline.yaml'), JSON.stringify(configuration));
      const environment = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
      return (...args: string[]) =>
        run(rollout.folder, args, { environment, now: () => start + 30 * minutes });
    }

    it('watches them', async () => {
      const command = await repository('worse');
      const { code, stderr } = await command('watch', '--once', '--dry-run');
      expect(stderr).toMatch(/1\.1\.0 was reverted: success: 5\d\.\d % with the new version, 9\d\.\d % with/);
      expect(stderr).toMatch(/\[\d+ samples of 2026-03-01T00:00:00.000Z to 2026-03-01T00:29:30.000Z\]/);
      expect(stderr).not.toContain('without series');
      expect(code).toBe(1);
    });

    it('plans by them', async () => {
      const command = await repository('good');
      const { code, stdout } = await command('rollout', 'plan', prompt, '--last', '29m');
      expect(code).toBe(0);
      expect(stdout).toMatch(/^success is counted in calls, 14\d a minute\./);
      expect(stdout).toMatch(/\| success \| 15 % \| \d+ in .* \|/);
      const { traffic, forecasts } = JSON.parse(
        (await command('rollout', 'plan', prompt, '--last', '29m', '--json')).stdout,
      );
      const [{ revert }] = forecasts;
      expect(revert.minutes).toBeCloseTo(revert.users / (0.1 * traffic.callsPerMinute.success), 6);
      expect(traffic.usual.success).toBeCloseTo(0.9, 2);
    });
  });
});
