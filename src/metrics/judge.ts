import { EMPTY_ANSWER } from '../formats/wording.ts';
import { noUsage } from '../models/usage.ts';
import type { MetricDefinition } from './definition.ts';
import { calibrateJudge, readLabelledRows } from './judge-calibration.ts';
import { type JudgeOptions, judgeOptions } from './judge-options.ts';
import type { JudgedAnswer } from './judge-prompt.ts';
import { unreadable } from './judge-question.ts';
import { type Judgement, judgeAnswer } from './judge-scoring.ts';

export const judge: MetricDefinition<JudgeOptions> = {
  use: 'judge',
  description:
    'The score of the label that the judge model of the configuration gives the answer by a rubric, averaged over repeats and orders; in [0, 1], higher is better. An empty answer gets the lowest score without asking. A verdict that is not exactly in the form asked for never becomes a score: the readable ones are averaged, and where there is none the metric fails on that example by name.',
  options: judgeOptions,
  create: (name, options, { readText, judge: openJudge }) => {
    const { rubricFile, calibration, choices } = options;
    const scores = Object.values(choices);
    const rubric = rubricFile === undefined ? (options.rubric ?? '') : readText(rubricFile);
    const rows =
      calibration === undefined
        ? []
        : readLabelledRows(calibration, readText(calibration), Object.keys(choices));
    const judgeOne = async (judged: JudgedAnswer, signal?: AbortSignal): Promise<Judgement> => {
      if (judged.output.trim() === '')
        return { value: Math.min(...scores), feedback: EMPTY_ANSWER, usage: noUsage };
      return judgeAnswer(await openJudge(), rubric, options, judged, signal);
    };
    const isBinary =
      options.repeats === 1 && !options.compare && scores.every((score) => score === 0 || score === 1);
    return {
      name,
      description: judge.description,
      direction: 'higher',
      unit: 'ratio',
      scale: isBinary ? 'binary' : 'graded',
      ...(rubricFile !== undefined && { files: [rubricFile] }),
      score: async ({ example: { id, input, expected }, output }) => {
        const judgement = await judgeOne({ id: `example ${id}`, input, expected, output });
        if (judgement.value === null) throw unreadable(judgement.unread);
        return judgement;
      },
      ...(rows.length > 0 && {
        calibrate: async (signal?: AbortSignal) => {
          const { concurrency } = await openJudge();
          return calibrateJudge(rows, choices, (judged) => judgeOne(judged, signal), concurrency);
        },
      }),
    };
  },
};
