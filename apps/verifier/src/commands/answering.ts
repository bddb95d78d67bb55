/** How an answer is given: sentences or JSON on stdout, what went wrong on stderr, and an exit code. */
import type { Result } from '@bellwether/basics';
import type { Finding } from '../checking/findings.ts';
import { isAnsweredNo, type VerifyError } from '../errors.ts';
import { ENGLISH } from '../texts/english.ts';

/** Exit codes. */
export const EXIT = { yes: 0, open: 1, usage: 2, no: 3 } as const;

/** Gives the answer; the exit code. */
export function answer(found: Result<Finding, VerifyError>, json: boolean): number {
  if (found.isOk()) {
    process.stdout.write(json ? answerJson({ answer: 'yes', ...found.value }) : findingText(found.value));
    return EXIT.yes;
  }
  const { code, detail } = found.error;
  const isNo = isAnsweredNo(found.error);
  const { message, help } = ENGLISH.failed(found.error);
  if (json) process.stdout.write(answerJson({ answer: isNo ? 'no' : 'open', code, detail, message, help }));
  else process.stderr.write(`bellwether-verify: ${isNo ? 'NO. ' : ''}${message} (${detail})\n${help}\n`);
  return isNo ? EXIT.no : EXIT.open;
}

function answerJson(value: object): string {
  return `${JSON.stringify({ schema: 'bellwether/verify@1', ...value })}\n`;
}

function findingText(finding: Finding): string {
  const { title, facts, limits } = ENGLISH.found(finding);
  const lines = [
    `YES. ${title}`,
    '',
    ...facts,
    '',
    `${ENGLISH.limitsHead}:`,
    ...limits.map((limit) => `- ${limit}`),
  ];
  return `${lines.join('\n')}\n`;
}
