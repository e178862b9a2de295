import { Document, visit } from 'yaml';

/**
 * YAML that reads back as the value it was made from, long lines unbroken and equal parts written out.
 *
 * A text of nothing but spaces and line breaks is quoted: `yaml` writes it as a block, whose spaces read as indentation.
 */
export function yamlText(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string' && scalar.value.trim() === '') scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}
