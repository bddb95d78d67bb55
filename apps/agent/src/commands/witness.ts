/** `bellwether-agent witness`: makes a witness, runs it, tells how it is, and lets it go on after a stop. */
import { webcrypto } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@bellwether/basics';
import {
  type Hasher,
  KeyKind,
  type NoteKey,
  parseNoteKey,
  type Subtle,
  sha256Hasher,
  wasmSha256Hasher,
  webVerifier,
} from '@bellwether/evidence';
import { type AgentError, describeAgentError } from '../errors.ts';
import { thisComputer } from '../witness/copy-marks.ts';
import { hubClient } from '../witness/hub-client.ts';
import type { ListenAddress } from '../witness/listening.ts';
import { afterStop } from '../witness/own-signatures.ts';
import {
  approvalJson,
  approvalNote,
  approvalText,
  lookAtProposal,
  proposalIn,
} from '../witness/policy-approval.ts';
import { runWitness, type WitnessTask } from '../witness/running.ts';
import { eventLine, type Report } from '../witness/witness-events.ts';
import { isWitnessName, makeSecrets } from '../witness/witness-keys.ts';
import { newMemory, type WitnessMemory } from '../witness/witness-state.ts';
import { lookAtMemory, makeStore, takeStore } from '../witness/witness-store.ts';
import { factsOf, madeText, statusJson, statusText } from '../witness/witness-text.ts';

const EXIT = { done: 0, failed: 1, usage: 2, no: 3 } as const;

/** Seconds between rounds: a hub gathers for ten minutes, so a witness that looks each minute is never late. */
const EVERY_S = 60;

/** Bounds of `--every`, in seconds: below, it would only load the hub; above, it would miss what is gathered. */
const LEAST_EVERY_S = 5;
const MOST_EVERY_S = 300;

type Values = ReturnType<typeof parse>['values'];

/** Runs `bellwether-agent witness ARGS`; gives the exit code. */
export async function witnessCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [what, file, more] = positionals;
  const word = what === 'approve' ? more : file;
  if (word !== undefined) return wrongUsage(`${JSON.stringify(word)} is one word too many`);
  if (what === undefined || !Object.hasOwn(OPTIONS_OF, what))
    return wrongUsage('say `init`, `run`, `status`, `resume` or `approve`');
  const foreign = Object.keys(values).find((name) => ![...OPTIONS_OF[what]!, 'state', 'json'].includes(name));
  if (foreign !== undefined) return wrongUsage(`--${foreign} is not for \`${what}\``);
  if (values.state === undefined) return wrongUsage('name the file of the witness with --state');
  const state = resolve(values.state);
  const hasher = wasmSha256Hasher() ?? sha256Hasher();
  if (what === 'init') return await init(state, values, hasher);
  if (what === 'status') return await status(state, values, hasher);
  if (what === 'approve') return await approve(state, file, values, hasher);
  if (what === 'resume') return await resume(state, values, hasher);
  return await run(state, values, hasher);
}

const OPTIONS_OF: Readonly<Record<string, readonly string[]>> = {
  init: ['name'],
  run: ['hub', 'log', 'listen', 'publish', 'every', 'checks', 'rows', 'mapping', 'once', 'tied'],
  status: [],
  resume: ['i-have-checked'],
  approve: ['hub', 'i-agree'],
};

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      state: { type: 'string' },
      name: { type: 'string' },
      hub: { type: 'string' },
      log: { type: 'string' },
      listen: { type: 'string' },
      publish: { type: 'string' },
      every: { type: 'string' },
      checks: { type: 'boolean' },
      rows: { type: 'string' },
      mapping: { type: 'string' },
      once: { type: 'boolean' },
      tied: { type: 'boolean' },
      'i-have-checked': { type: 'boolean' },
      'i-agree': { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

async function init(state: string, { name, json }: Values, hasher: Hasher): Promise<number> {
  if (name === undefined) return wrongUsage('name the witness with --name, as `adair-county`');
  if (!isWitnessName(name))
    return wrongUsage('a name has letters, digits, points, dashes and slashes, at most 100');
  const secrets = makeSecrets(name);
  const made = await makeStore(state, newMemory(secrets, await thisComputer()));
  if (made.isErr()) return failed(made.error);
  const facts = factsOf(hasher, secrets);
  const answer = { schema: 'bellwether/witness-made@1', ...facts, state };
  process.stdout.write(json === true ? `${JSON.stringify(answer)}\n` : madeText(facts, state));
  return EXIT.done;
}

async function status(state: string, { json }: Values, hasher: Hasher): Promise<number> {
  const memory = await lookAtMemory(state, hasher);
  return memory.isErr() ? failed(memory.error) : tell(memory.value, json === true, hasher);
}

async function resume(state: string, values: Values, hasher: Hasher): Promise<number> {
  if (values['i-have-checked'] !== true) {
    return wrongUsage('look at `witness status` first, do what it says, and then add --i-have-checked');
  }
  const store = await takeStore(state, hasher);
  if (store.isErr()) return failed(store.error);
  try {
    const known = await afterStop(store.value.memory, hasher, verifierHere());
    if (known.isErr()) return failed(known.error);
    const kept = await store.value.keepChange({
      ...known.value,
      stopped: null,
      refused: null,
      host: await thisComputer(),
    });
    return kept.isErr() ? failed(kept.error) : tell(store.value.memory, values.json === true, hasher);
  } finally {
    await store.value.close();
  }
}

/** Shows what a proposed policy changes; with the word of a person, prints the note that this witness signed. */
async function approve(
  state: string,
  file: string | undefined,
  { hub, json, 'i-agree': agrees }: Values,
  hasher: Hasher,
): Promise<number> {
  if (file === undefined) return wrongUsage('name the file of the proposal');
  if (hub === undefined || !isHubAddress(hub)) return wrongUsage('name the hub with --hub');
  const memory = await lookAtMemory(state, hasher);
  if (memory.isErr()) return failed(memory.error);
  const bytes = await proposalIn(file);
  if (bytes.isErr()) return failed(bytes.error);
  const client = hubClient(hub, new AbortController().signal);
  const needs = { client, hasher, verifier: verifierHere(), memory: memory.value };
  const seen = await lookAtProposal(needs, bytes.value);
  if (seen.isErr()) return failed(seen.error);
  const signed = agrees === true ? await approvalNote(hasher, memory.value, seen.value) : null;
  if (json === true) process.stdout.write(`${JSON.stringify(approvalJson(seen.value, signed))}\n`);
  else if (signed === null) process.stdout.write(approvalText(seen.value));
  else {
    process.stderr.write(approvalText(seen.value));
    process.stdout.write(signed);
  }
  return EXIT.done;
}

async function run(state: string, values: Values, hasher: Hasher): Promise<number> {
  const task = taskOf(state, values, hasher);
  if (task.isErr()) return wrongUsage(task.error);
  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort());
  // Whoever started it holds the other end: the kernel closes it, however that one dies.
  if (values.tied === true) process.stdin.once('close', () => end.abort()).resume();
  const report: Report = (event) => {
    const at = Date.now();
    const line =
      values.json === true
        ? `${JSON.stringify({ at: new Date(at).toISOString(), ...event })}\n`
        : eventLine(event, at);
    process.stdout.write(line);
  };
  try {
    const ended = await runWitness(task.value, {
      hasher,
      verifier: verifierHere(),
      now: Date.now,
      random: Math.random,
      report,
      end: end.signal,
    });
    if (ended.isErr()) return failed(ended.error);
    return ended.value === 'stopped' || ended.value === 'refused' ? EXIT.no : EXIT.done;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
    process.stderr.write(`bellwether-agent witness: it cannot listen there: ${message}\n`);
    return EXIT.failed;
  }
}

function taskOf(state: string, values: Values, hasher: Hasher): Result<WitnessTask, string> {
  const { hub = null, publish = null, once = false, checks = false, log: told } = values;
  if (hub === null && values.listen === undefined)
    return err('name the hub with --hub, or an address with --listen');
  if (hub !== null && !isHubAddress(hub)) return err('--hub is an address as https://hub.example.gov');
  if (once && hub === null) return err('--once is for rounds with a hub');
  if (checks && hub === null) return err('--checks needs --hub, where the entries of the log are');
  const { rows, mapping } = values;
  if ((rows === undefined) !== (mapping === undefined)) return err('--rows and --mapping go together');
  if (rows !== undefined && !checks)
    return err('--rows needs --checks: the sealed root is taken from the log');
  const own =
    rows === undefined || mapping === undefined ? null : { rows: resolve(rows), mapping: resolve(mapping) };
  const listen = listenOf(values.listen);
  if (listen === undefined) return err('--listen is HOST:PORT, as 0.0.0.0:8120');
  const every = Number(values.every ?? EVERY_S);
  if (!Number.isInteger(every) || every < LEAST_EVERY_S || every > MOST_EVERY_S) {
    return err(`--every is ${LEAST_EVERY_S} to ${MOST_EVERY_S} seconds`);
  }
  const log: Result<NoteKey | null, { readonly detail: string }> =
    told === undefined ? ok(null) : parseNoteKey(hasher, told);
  if (log.isOk() && log.value !== null && log.value.kind !== KeyKind.note)
    return err('--log is the key of a witness, not of a log');
  return log
    .map((key) => ({
      state,
      log: key,
      hub,
      listen,
      publish: publish === null ? null : resolve(publish),
      every: every * 1_000,
      checks,
      own,
      once,
    }))
    .mapErr(({ detail }) => `--log: ${detail}`);
}

function isHubAddress(hub: string): boolean {
  return /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/.test(hub);
}

/** Null for none; undefined for what is no address. */
function listenOf(text: string | undefined): ListenAddress | null | undefined {
  if (text === undefined) return null;
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function verifierHere() {
  return webVerifier(webcrypto.subtle as unknown as Subtle);
}

function tell(memory: WitnessMemory, json: boolean, hasher: Hasher): number {
  const facts = factsOf(hasher, memory.keys);
  process.stdout.write(json ? `${JSON.stringify(statusJson(facts, memory))}\n` : statusText(facts, memory));
  return memory.stopped === null && memory.refused === null ? EXIT.done : EXIT.no;
}

function failed(error: AgentError): number {
  process.stderr.write(`bellwether-agent witness: ${describeAgentError(error)}\n`);
  return EXIT.failed;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether-agent witness: ${reason}\n\n${HELP}`);
  return EXIT.usage;
}

const HELP = `Usage: bellwether-agent witness init --state FILE --name NAME
       bellwether-agent witness run --state FILE --hub URL --log KEY [OPTIONS]
       bellwether-agent witness status --state FILE
       bellwether-agent witness resume --state FILE --i-have-checked
       bellwether-agent witness approve PROPOSAL --state FILE --hub URL [--i-agree]

A witness signs each state of a log that adds to what it signed before, and refuses every other one. So nobody can show one
log to you and another to your neighbour, or take back what was written.

init makes its keys, and prints what to send to the state office and what to read aloud on the phone.
run signs from then on. status tells what was signed last. resume lets it go on after it has stopped for a person.
approve shows what a new policy of the log would change; with --i-agree it prints the signed note to send back.

  --state FILE      all that the witness remembers, its secret keys too: one file, for one computer, never copied
  --name NAME       how the witness is called, as \`adair-county\`
  --hub URL         the state's hub, which is asked each minute: nothing has to reach this computer
  --log KEY         the key of the log, as the state office reads it to you; kept from the first time on
  --listen HOST:PORT   let logs reach this computer instead, or as well (C2SP tlog-witness)
  --publish DIR     put the last that was signed there, for a web server of yours
  --every SECONDS   time between two rounds: ${LEAST_EVERY_S} to ${MOST_EVERY_S}, else ${EVERY_S}
  --checks          replay the roll from the log too, and say in public what came of it: 64 bytes a voter in memory
  --rows FILE       after each seal, compare rows of your own with it: CSV as your office gets it, also packed (.gz)
  --mapping FILE    which column of it is which field: the state's mapping file
  --once            one round, and it is done
  --tied            end when standard input is closed: with the program that started it
  --i-have-checked  you have found out why it stopped
  --i-agree         sign the proposal that was shown
  --json            tell as JSON; of \`run\`, one object a line

Exit code: 0 done; 1 something could not be done; 2 wrong usage; 3 it has stopped for a person, or the log shows what must not
be signed.
`;
