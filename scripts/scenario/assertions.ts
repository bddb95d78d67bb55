/** What a scenario can say of the command that ran last, and of the files in its folder. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a command left. */
export type Outcome = { readonly exit: number; readonly stdout: string; readonly stderr: string };

/** Whether a line holds, and what to say where it does not. */
type Finding = { readonly holds: boolean; readonly instead: string };

type Assertion = (argument: string, outcome: Outcome, work: string) => Finding;

/** One function per verb; scenarios/README.md has a line for each. */
const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  exit: (code, { exit }) => ({ holds: exit === Number(code), instead: `exited with ${exit}` }),
  stdout: (text, { stdout }) => ({ holds: stdout.includes(text), instead: 'the output says otherwise' }),
  stderr: (text, { stderr }) => ({ holds: stderr.includes(text), instead: 'the messages say otherwise' }),
  json: (comparison, { stdout }) => compareJson(JSON.parse(stdout), comparison),
  save: (name, { stdout }, work) => {
    writeFileSync(join(work, name), stdout);
    return { holds: true, instead: '' };
  },
  same: (names, _, work) => {
    const [one = '', other = ''] = names.split(' ');
    const holds = readFileSync(join(work, one)).equals(readFileSync(join(work, other)));
    return { holds, instead: holds ? 'they are the same' : 'they differ' };
  },
  file: (sentence, _, work) => {
    const [, name, text] = /^(\S+) contains (.+)$/.exec(sentence) ?? [];
    if (name === undefined || text === undefined) throw new Error('it reads: file NAME contains TEXT');
    const holds = readFileSync(join(work, name), 'utf8').includes(text);
    return { holds, instead: holds ? 'it does contain it' : 'it does not contain it' };
  },
};

/** Verbs that make sense with `!` before them. */
const NEGATABLE = new Set(['stdout', 'stderr', 'same', 'file']);

/** Why a line of a scenario does not hold; nothing where it does. Throws where the line itself is wrong. */
export function whyNot(line: string, outcome: Outcome, work: string): string | undefined {
  const [, not, verb, argument] = /^(!?)(\w+) ?(.*)$/.exec(line) ?? [];
  const assertion = Object.hasOwn(ASSERTIONS, verb ?? '') ? ASSERTIONS[verb as string] : undefined;
  if (assertion === undefined || (not === '!' && !NEGATABLE.has(verb as string))) {
    throw new Error('no line of a scenario starts like this');
  }
  if (argument === '') throw new Error('nothing stands after the verb, so it could not fail');
  const { holds, instead } = assertion(argument as string, outcome, work);
  return holds === (not === '!') ? instead : undefined;
}

/** `PATH OP VALUE`: a number, string, boolean or null somewhere in the JSON, compared. */
function compareJson(root: unknown, comparison: string): Finding {
  const [, path, operator, value] = /^(\S+) (==|!=|>=|<=) (.+)$/.exec(comparison) ?? [];
  if (path === undefined || value === undefined) {
    throw new Error('it reads: json PATH OP VALUE, where OP is == != >= or <=');
  }
  let found = root;
  for (const step of path.split('.')) {
    found = (found as Readonly<Record<string, unknown>> | null | undefined)?.[step];
  }
  return {
    holds: compare(found, operator as string, parseValue(value)),
    instead: `${path} is ${JSON.stringify(found)}`,
  };
}

function compare(found: unknown, operator: string, wanted: unknown): boolean {
  if (operator === '==') return JSON.stringify(found) === JSON.stringify(wanted);
  // A path that leads nowhere is a mistake in the scenario, not a value that differs.
  if (operator === '!=') return found !== undefined && JSON.stringify(found) !== JSON.stringify(wanted);
  if (typeof found !== 'number' || typeof wanted !== 'number') return false;
  return operator === '>=' ? found >= wanted : found <= wanted;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
