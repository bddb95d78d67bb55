/**
 * docs/reference/formats.md: what each format's lines mean here, from the formats themselves.
 */
import { COLUMN_NAMES } from './columns.ts';
import { FORMATS } from './formats.ts';
import { HUB_DIFFERENCES, HUB_OTHER_PRODUCTS } from './hub-differences.ts';
import type { Format } from './reader.ts';

/** The page. */
export function formatsMarkdown(formats: readonly Format[] = FORMATS): string {
  return [
    '# Formats',
    '',
    'Written by `npm run docs` from the readers in packages/contacts/src/reading; change it there. A file is',
    'recognised by its content unless `--format` names one. Any of them may be wrapped in syslog headers (RFC 3164,',
    'RFC 5424, ISO 8601), which are taken off line by line; "always" below means that lines come so by nature.',
    '',
    'Every line of a file is counted exactly once: as a contact, as detail of a contact already counted, as ignored',
    '(understood, and no contact), or as unreadable (it should have been understood and was not).',
    '',
    '| format | of | syslog |',
    '|---|---|---|',
    ...formats.map(({ name, doc, syslog }) => `| [${name}](#${name}) | ${cell(doc.of)} | ${syslog} |`),
    '',
    ...formats.flatMap(section),
    '## Where crowdsecurity/hub expects something else',
    '',
    'The test lines of crowdsecurity/hub (MIT) are read as that product expects in source, destination, user and',
    'outcome, except:',
    '',
    '| folder | events | what | why |',
    '|---|---|---|---|',
    ...HUB_DIFFERENCES.map(
      ({ folder, events, columns, why }) =>
        `| ${folder} | ${events} | ${columns.join(', ')} | ${cell(why)} |`,
    ),
    '',
    'Not compared, because the lines are of products that are not read: ' +
      `${Object.entries(HUB_OTHER_PRODUCTS)
        .map(([folder, product]) => `${folder} (${product})`)
        .join(', ')}.`,
    '',
    '## Columns of `csv` and `ndjson`',
    '',
    'A saved column map gives, for each of our columns, the name (for `ndjson` the path) of theirs:',
    '',
    `${COLUMN_NAMES.map((name) => `\`${name}\``).join(', ')}.`,
    '',
  ].join('\n');
}

function section({ name, doc }: Format): string[] {
  return [
    `## ${name}`,
    '',
    `${sentence(doc.of)}`,
    '',
    `- **A contact is:** ${sentence(doc.contact)}`,
    `- **Losses that the sensor admits:** ${sentence(doc.losses)}`,
    `- **Seen:** ${sentence(doc.seen)}`,
    '',
  ];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
