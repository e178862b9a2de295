import { yamlText } from '../../files/yaml-text.ts';

/** The family that `init` writes where it finds no prompts with data: small, real, and measured by the embedded model. */
export const sampleFamily = 'feedback';

const labels = ['question', 'complaint', 'praise'];

const promptText = `description: The intent of a message to a shop
version: 1.0.0
model: embedded/tinyllama-1.1b-chat # runs on this machine, without a key; or any provider/model, as openai/gpt-5-mini
modelParameters: { temperature: 0, maxTokens: 8, stop: ["\\n"] }
output: { format: label, field: intent, labels: [${labels.join(', ')}] }
messages:
  - role: system
    content: "Name the intent of the message: question, complaint or praise. Answer with one word."
  - role: user
    content: |-
      Message: {{text}}
      Intent:
`;

/** Messages by intent; none stands in two splits. */
const messages: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  train: {
    question: [
      'Do you ship to Portugal?',
      'How do I reset the filter light on the kettle?',
      'Is the blue jacket coming back in medium?',
      'Until when can I send these shoes back?',
    ],
    complaint: [
      'The lamp arrived with a cracked shade and no bulb.',
      'Third week without an answer from your support.',
      'I was charged twice for the same order.',
      'The zip of the bag broke on the first day.',
    ],
    praise: [
      'The new checkout is so much quicker, well done.',
      'My daughter will not take the raincoat off, she loves it.',
      'Ordered on Monday, here on Tuesday. Impressive!',
      'Best coffee grinder I have owned so far.',
    ],
  },
  dev: {
    question: [
      'Which size should I take if I wear a 38?',
      'Can the invoice go to another address?',
      'Does the warranty cover the battery?',
    ],
    complaint: [
      'Your driver left the parcel in the rain.',
      'The chair wobbles however I put it together.',
      'Still no refund, and nobody picks up the phone.',
    ],
    praise: [
      'Thank you for the handwritten note in the box.',
      'The desk looks even better than in the pictures.',
      'Anna from support solved it in two minutes, great.',
    ],
  },
  test: {
    question: [
      'When will the oak table be available again?',
      'Is it possible to pay by bank transfer?',
      'What is the difference between the two tents?',
      'How long does delivery to Norway take?',
    ],
    complaint: [
      'Half of the plates were broken when I opened the box.',
      'The app logs me out every single time.',
      'I ordered the green one and got grey, again.',
      'The headphones stopped charging after a week.',
    ],
    praise: [
      'Everything fits perfectly, I will order again.',
      'What a lovely shop, friendly people and fair prices.',
      'The repair was free and fast, I am delighted.',
      'These pans are worth every cent.',
    ],
  },
};

/** The configuration's entry of the family. */
export const sampleConfiguration = {
  datasets: `datasets/${sampleFamily}`,
  metrics: {
    intent_accuracy: { use: 'label_accuracy', field: 'intent', weight: 0.7, gate: { maxDrop: 0.05 } },
    format_compliance: { weight: 0.3 },
    tokens: {},
  },
};

/** The files of the family by path: a prompt and its three splits. */
export function sampleFiles(): Record<string, string> {
  const splits = Object.entries(messages).map(([split, byIntent]) => {
    const examples = Object.entries(byIntent).flatMap(([intent, texts]) =>
      texts.map((text, index) => ({
        id: `${split}-${intent}-${index + 1}`,
        input: { text },
        expected: { intent },
      })),
    );
    const file = {
      description: 'Messages to a shop, written for this example',
      license: 'CC0-1.0',
      examples,
    };
    return [`datasets/${sampleFamily}/${split}.yaml`, yamlText(file)];
  });
  return { [`prompts/${sampleFamily}/default.prompt.yaml`]: promptText, ...Object.fromEntries(splits) };
}
