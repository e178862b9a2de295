import { expect, it, onTestFinished } from 'vitest';
import { runWorkflow } from './optimize-workflow.ts';
import { filesOf, openPlace, startModel, temporaryFolder } from './proposing-repository.ts';

it('probe', async () => {
  const model = await startModel();
  onTestFinished(() => model.close());
  const t0 = Date.now();
  const place = await openPlace(filesOf(model.address));
  const event = await place.events.schedule('23 3 * * *');
  const results = temporaryFolder(onTestFinished);
  const run = await runWorkflow(place, { event, results });
  console.log(
    Date.now() - t0,
    JSON.stringify(run.matrix),
    run.optimized.map((r) => [r.exitCode, r.stdout.slice(-1500), r.stderr]),
    run.proposed?.exitCode,
    run.proposed?.stdout,
    run.proposed?.sent.map((r) => `${r.line} ${r.status}`),
  );
  console.log(model.stats());
  expect(place.open()).toHaveLength(3);
}, 60_000);
