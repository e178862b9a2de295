import path from 'node:path';
import type { Dataset, Example, Split } from '../../src/datasets/dataset.ts';
import { loadDataset, splitFile } from '../../src/datasets/load.ts';
import { stableSample } from '../../src/datasets/order.ts';
import type { TaskDraw } from './bench-task.ts';
import { labelTask } from './label-task.ts';

type Splits = Readonly<Record<Split, Dataset>>;

/** Labelling tasks on public data, from `<folder>/<family>/{train,dev,test}.yaml`. */
export function publicTasks(folder: string): TaskDraw[] {
  const load = (family: string): Splits => {
    const split = (name: Split) =>
      loadDataset(splitFile(path.join(folder, family), name, family), `${family}/${name}`, name);
    return { train: split('train'), dev: split('dev'), test: split('test') };
  };
  return [intents(load('query_processing')), sentences(load('document_analysis'))];
}

/** SNIPS: the intent of a query. */
function intents(splits: Splits): TaskDraw {
  return labelTask('SNIPS intents', splits, {
    task: 'Classify the intent of the query.',
    listed: 'Intents',
    question: 'Query: {{query}}\nIntent:',
    template: { before: 'Query: ', after: 'Intent:' },
    input: 'query',
    field: 'intent',
  });
}

/** So many sentences of the abstracts of a split, evenly over the labels. */
const sentenceCounts: Readonly<Record<Split, number>> = { train: 150, dev: 150, test: 300 };

/** CSAbstruct: what a sentence of an abstract does. */
function sentences({ train, dev, test }: Splits): TaskDraw {
  const splits = { train: sentenceRows(train), dev: sentenceRows(dev), test: sentenceRows(test) };
  return labelTask('CSAbstruct sentences', splits, {
    task: 'Say what the sentence of an abstract does.',
    listed: 'Labels',
    question: 'Sentence: {{sentence}}\nLabel:',
    template: { before: 'Sentence: ', after: 'Label:' },
    input: 'sentence',
    field: 'label',
  });
}

function sentenceRows(dataset: Dataset): Dataset {
  const rows = dataset.examples.flatMap(({ id, input, expected }): Example[] => {
    const texts = Array.isArray(input['sentences']) ? input['sentences'] : [];
    const labels = Array.isArray(expected['structure']) ? expected['structure'] : [];
    return texts.map((sentence: unknown, index) => ({
      id: `${id}-${index}`,
      input: { sentence: String(sentence).replaceAll('\n', ' ') },
      expected: { label: String(labels[index]) },
      tags: [],
      cluster: id,
    }));
  });
  const examples = stableSample(rows, sentenceCounts[dataset.split], ({ expected }) =>
    String(expected['label']),
  );
  return { ...dataset, examples };
}
