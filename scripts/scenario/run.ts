/**
 * Runs the end-to-end scripts of scenarios/: commands as a person would type them, and what has to come of
 * them. scenarios/README.md is the manual of the language.
 */
import { execFile } from 'node:child_process';
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Outcome, whyNot } from './assertions.ts';
import { Background } from './background.ts';
import { ask } from './http.ts';
import { People } from './people.ts';
import { words } from './words.ts';

/** Where a scenario runs. */
export type Stage = {
  /** The folder of the repository. */
  readonly root: string;
  /** An empty folder of its own, the working directory of its commands: `$WORK`. */
  readonly work: string;
  /** The folder of real data that is not part of the repository, if there is one: `$CORPORA`. */
  readonly corpora: string | undefined;
};

type Line = { readonly number: number; readonly text: string };

/** A command that takes longer hangs, or it belongs into a bench. */
const COMMAND_TIMEOUT_MS = 300_000;

/** The most that a command may print: a scenario is about the account, not about every line. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Programs that scenarios may start. Their own command, and what prepares its input everywhere alike. */
const PROGRAMS: Readonly<Record<string, (root: string) => readonly string[]>> = {
  bellwether: (root) => [process.execPath, join(root, 'apps/hub/dist/bellwether.js')],
  'bellwether-agent': (root) => [process.execPath, join(root, 'apps/agent/dist/bellwether-agent.js')],
  'bellwether-verify': (root) => [process.execPath, join(root, 'apps/verifier/dist/bellwether-verify.js')],
  node: () => [process.execPath],
  gzip: () => ['gzip'],
  cp: () => ['cp'],
  mkdir: () => ['mkdir'],
  // A command in a network namespace: of the laboratory that `bellwether drill lab` builds.
  inside: () => ['ip', 'netns', 'exec'],
};

/** Verbs for commands that go on, and for hubs among them. */
const BACKGROUND = /^(?:start|wait|kill|stop|http) /;

/** Verbs for people at their browsers. */
const AT_BROWSERS = /^(?:open|give|click|type|see|note|ask) /;

/** Whether a scenario reads real data that is not part of the repository. */
export function needsCorpora(script: string): boolean {
  return /\$\{?CORPORA\b/.test(script);
}

/** Runs one scenario; throws at the first line that does not hold, with its number and what there was instead. */
export async function runScenario(script: string, stage: Stage): Promise<void> {
  const { lines, files } = parse(script);
  for (const { name, text } of files) {
    mkdirSync(dirname(join(stage.work, name)), { recursive: true });
    writeFileSync(join(stage.work, name), text);
  }
  const values = { WORK: stage.work, TESTDATA: join(stage.root, 'testdata'), ...corporaOf(stage) };
  const background = new Background();
  const people = new People();
  try {
    await runLines(lines, values, stage, background, people);
  } finally {
    await people.leave();
    await background.endAll(stage.work);
  }
}

async function runLines(
  lines: readonly Line[],
  values: Record<string, string>,
  stage: Stage,
  background: Background,
  people: People,
): Promise<void> {
  let outcome: Outcome | undefined;
  let exitSeen = true;
  for (const line of lines) {
    try {
      if (line.text.startsWith('$ ')) {
        requireExitOk(outcome, exitSeen);
        outcome = await runCommand(words(line.text.slice(2), values), stage);
        exitSeen = false;
      } else if (BACKGROUND.test(line.text)) {
        requireExitOk(outcome, exitSeen);
        outcome = await runBackground(words(line.text, values), stage, background);
        exitSeen = false;
      } else if (AT_BROWSERS.test(line.text)) {
        requireExitOk(outcome, exitSeen);
        outcome = await atBrowser(words(line.text, values), values, stage, background, people);
        exitSeen = false;
      } else {
        if (outcome === undefined) throw new Error('nothing has run yet');
        if (line.text.startsWith('exit ')) exitSeen = true;
        const otherwise = whyNot(line.text, outcome, stage.work);
        if (otherwise !== undefined) throw new Error(otherwise);
      }
    } catch (error) {
      throw new Error(`line ${line.number}: ${line.text}\n${(error as Error).message}${report(outcome)}`);
    }
  }
  requireExitOk(outcome, exitSeen);
}

/** Lines to run and, after the first `-- NAME --`, files to write before. */
function parse(script: string): { lines: Line[]; files: { name: string; text: string }[] } {
  const [head = '', ...sections] = script.split(/^-- (?=.+ --$)/m);
  const lines = head
    .split('\n')
    .map((text, index) => ({ number: index + 1, text: text.trim() }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
  const files = sections.map((section) => {
    const end = section.indexOf(' --\n');
    return { name: section.slice(0, end), text: section.slice(end + ' --\n'.length) };
  });
  return { lines, files };
}

function corporaOf({ corpora }: Stage): { CORPORA?: string } {
  return corpora === undefined ? {} : { CORPORA: corpora };
}

/** A command whose exit code no line speaks of has to end well. */
function requireExitOk(outcome: Outcome | undefined, seen: boolean): void {
  if (outcome !== undefined && !seen && outcome.exit !== 0) {
    throw new Error(`the command before exited with ${outcome.exit}${report(outcome)}`);
  }
}

async function runBackground(
  [verb, name = '', ...rest]: readonly string[],
  stage: Stage,
  background: Background,
): Promise<Outcome> {
  if (verb === 'wait') return background.wait(name, rest.join(' '));
  if (verb === 'kill') return background.end(name, 'SIGKILL');
  if (verb === 'stop') return background.end(name, 'SIGTERM');
  if (verb === 'http') return ask(background.address(name), rest, stage.work);
  background.start(name, programAndArguments(rest, stage), { cwd: stage.work, env: plainEnvironment() });
  return { exit: 0, stdout: '', stderr: '' };
}

/** What a person does at their browser. `note` gives the scenario a new value. */
async function atBrowser(
  [verb, name = '', ...rest]: readonly string[],
  values: Record<string, string>,
  stage: Stage,
  background: Background,
  people: People,
): Promise<Outcome> {
  const [first = '', second = ''] = rest;
  if (verb === 'open') {
    if (first.startsWith('https://')) return people.open(name, first);
    if (first.startsWith('/')) return people.openFile(name, first);
    const { url, token } = background.address(first);
    return people.open(name, second === '' ? `${url}/?token=${token}` : `${url}${second}`);
  }
  if (verb === 'give') {
    return people.give(
      name,
      first,
      rest.slice(1).map((path) => resolve(stage.work, path)),
    );
  }
  if (verb === 'click') return people.click(name, first);
  if (verb === 'type') return people.type(name, first, second);
  if (verb === 'see') return people.see(name, first);
  if (verb === 'ask') return people.ask(name, rest, stage.work);
  const value = await people.read(name, second);
  values[first] = value;
  return { exit: 0, stdout: value, stderr: '' };
}

/** The words of a command with its program as this machine starts it. */
function programAndArguments([name = '', ...args]: readonly string[], stage: Stage): readonly string[] {
  const program = PROGRAMS[name];
  if (program === undefined) throw new Error(`scenarios start only ${Object.keys(PROGRAMS).join(', ')}`);
  return [...program(stage.root), ...args];
}

function runCommand(line: readonly string[], stage: Stage): Promise<Outcome> {
  const redirect = line.indexOf('<');
  const [command = '', ...args] = programAndArguments(redirect < 0 ? line : line.slice(0, redirect), stage);
  const options = {
    cwd: stage.work,
    timeout: COMMAND_TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
    env: plainEnvironment(),
  };
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ exit: (error?.code as number | undefined) ?? 0, stdout, stderr });
    });
    const input = redirect < 0 ? undefined : line[redirect + 1];
    // A command may stop reading before its input ends, and that is its right.
    child.stdin?.on('error', () => child.stdin?.destroy());
    if (input === undefined) child.stdin?.end();
    else
      createReadStream(join(stage.work, input))
        .on('error', reject)
        .pipe(child.stdin as NodeJS.WritableStream);
  });
}

/** The environment of a machine that says nothing about places and people, so that a scenario means one thing. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'UTC', LANG: 'C.UTF-8' };
}

/** The ends of what the command printed: enough to see what happened. */
function report(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '';
  const end = (text: string) => text.slice(-2_000).trimEnd();
  return `\n--- exit ${outcome.exit}\n--- stdout\n${end(outcome.stdout)}\n--- stderr\n${end(outcome.stderr)}`;
}
