import { createHash } from 'node:crypto';
import MiniSearch from 'minisearch';
import { z } from 'zod';
import { inputError, type Location } from '../errors.ts';
import { validate } from '../files/validate.ts';
import { shortened } from '../formats/wording.ts';

// Not strict: an export of a search system carries more than is searched.
const documentSchema = z.object({
  id: z.union([z.string().min(1), z.number().transform(String)]),
  title: z.string().exactOptional(),
  text: z.string(),
});

const DOCUMENT = '{"id": "...", "text": "..."}';

type Document = z.output<typeof documentSchema>;

/** Documents that can be searched. */
export type Corpus = {
  has(id: string): boolean;
  /** The ids of the documents that share a word with the query, best first; equal scores in the order of ids. */
  rank(query: string): readonly string[];
  /** An id with the title, or how the text begins: for feedback. */
  describe(id: string): string;
};

let latest: { readonly digest: string; readonly corpus: Corpus } | undefined;

/**
 * The corpus in a JSON Lines text of `{id, text, title?}`; `shown` names the file in errors. Throws an input error
 * with the line of a row that is no document or repeats an id, or for an empty file. The latest corpus is kept, so
 * that the metrics of a family share its index.
 */
export function openCorpus(shown: string, text: string): Corpus {
  const digest = createHash('sha256').update(text).digest('hex');
  if (latest?.digest !== digest) latest = { digest, corpus: searchable(readDocuments(shown, text)) };
  return latest.corpus;
}

function readDocuments(file: string, text: string): ReadonlyMap<string, Document> {
  const documents = new Map<string, Document>();
  for (const [index, row] of text.split('\n').entries()) {
    if (row.trim() === '') continue;
    const place = { file, line: index + 1 };
    const document = readDocument(row, place);
    if (documents.has(document.id)) {
      throw inputError(`duplicate id "${document.id}"`, 'Give each document its own id', place);
    }
    documents.set(document.id, document);
  }
  if (documents.size > 0) return documents;
  throw inputError('the corpus has no documents', `Write one on each line: ${DOCUMENT}`, { file, line: 1 });
}

function readDocument(row: string, place: Location): Document {
  const places = { value: () => place, key: () => place };
  let value: unknown;
  try {
    value = JSON.parse(row);
  } catch {
    throw inputError('the line is not JSON', `Each line is one document: ${DOCUMENT}`, place);
  }
  return validate(documentSchema, value, places);
}

/**
 * Searched with MiniSearch's defaults: words split at white space and punctuation, in any case, unstemmed; BM25+
 * (k 1.2, b 0.7, d 0.5) summed over title and text; a document needs one word of the query, and its score is
 * multiplied by how many of them it has.
 */
function searchable(documents: ReadonlyMap<string, Document>): Corpus {
  let index: MiniSearch<Document> | undefined;
  return {
    has: (id) => documents.has(id),
    rank: (query) => {
      // Not before the first search: a check of the configuration opens the corpus and searches nothing.
      index ??= indexOf(documents);
      const found = index.search(query).map(({ id, score }) => ({ id: String(id), score }));
      return found.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
    },
    describe: (id) => {
      const document = documents.get(id);
      return document ? `${shortened(id)} (${shortened(document.title ?? document.text)})` : shortened(id);
    },
  };
}

function indexOf(documents: ReadonlyMap<string, Document>): MiniSearch<Document> {
  const index = new MiniSearch<Document>({ fields: ['title', 'text'] });
  index.addAll([...documents.values()]);
  return index;
}
