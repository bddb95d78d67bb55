/** docs/reference/errors.md: every expected failure, what happened and what to do. */
import type { RoomErrors } from './catalogues.ts';

/** The page, from the catalogues of all rooms. */
export function errorsMarkdown(catalogues: readonly RoomErrors[]): string {
  const sections = catalogues.map(({ room, errors }) => {
    const rows = Object.values(errors).map(
      ({ code, message, status, help }) => `| \`${code}\` | ${status} | ${cell(message)} | ${cell(help)} |`,
    );
    return [
      `## ${room}`,
      '',
      '| code | HTTP | what happened | what to do |',
      '|---|---|---|---|',
      ...rows,
      '',
    ];
  });
  return [
    '# Errors',
    '',
    'Written by `npm run docs` from the `errors.ts` of each room; change them there. A code is unique in the whole',
    'product and keeps its meaning. Failures that are not listed here are defects: they stop the program with a',
    'stack trace, and we want to hear of them.',
    '',
    ...sections.flat(),
  ].join('\n');
}

/** Codes that more than one catalogue uses. */
export function repeatedCodes(catalogues: readonly RoomErrors[]): string[] {
  const codes = catalogues.flatMap(({ errors }) => Object.keys(errors));
  return codes.filter((code, index) => codes.indexOf(code) !== index);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
