/**
 * The page: choose a policy, a log and what is to be checked; see what is proven. It works from disk, reaches no network and keeps
 * nothing: closing it forgets everything.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { encodeText, type Subtle, sha256Hasher, wasmSha256Hasher, webVerifier } from '@bellwether/evidence';
import {
  checkpointFinding,
  type Finding,
  policyFinding,
  proofFinding,
  receiptFinding,
  statementFinding,
} from '../checking/findings.ts';
import {
  type CheckingTools,
  judgeCheckpointFile,
  type PinnedPolicy,
  readPinnedPolicy,
} from '../checking/policy-check.ts';
import { judgeProof } from '../checking/proof-check.ts';
import { judgeReceipt, receiptOf } from '../checking/receipt-check.ts';
import { judgeStatement } from '../checking/statement-check.ts';
import type { VerifyError } from '../errors.ts';
import { ENGLISH } from '../texts/english.ts';
import { SPANISH } from '../texts/spanish.ts';
import type { Sentences } from '../texts/texts.ts';
import { type Answer, answersView } from './answers.ts';
import { chosenSource, kindOf, logFiles } from './chosen-files.ts';
import { element, picture } from './elements.ts';
import type { WorkerSays, WorkerTask } from './page-messages.ts';
import { type Form, stepsView } from './steps.ts';

/** The Worker's program, which the build puts here: a page from disk can load no second file. */
declare const WORKER_PROGRAM: string;

/** Longest file that is looked at: a sheet with as many changes as one may have; everything else is far shorter. */
const MAX_FILE_BYTES = 67_108_864;

/** Milliseconds after which the browser may draw. */
const BREATH_MS = 16;

const hasher = wasmSha256Hasher() ?? sha256Hasher();
const verifier = webVerifier(crypto.subtle as unknown as Subtle);
const root = document.getElementById('page')!;

let language: Sentences = navigator.language.startsWith('es') ? SPANISH : ENGLISH;
let policy: { readonly pinned: PinnedPolicy; readonly bytes: Uint8Array; readonly name: string } | null =
  null;
let log: ReadonlyMap<string, File> | null = null;
let logFault: 'noCheckpoint' | null = null;
let entry: Uint8Array | null = null;
let answers: readonly Answer[] = [];
let worker: Worker | null = null;

/** What people typed and ticked, kept while the page is drawn again. */
const form: Form = { genesis: '', at: '', lastOnly: false, letters: '', fields: '' };

void draw();
void refuseOldBrowser();

function draw(): void {
  const words = language.page;
  document.documentElement.lang = language === SPANISH ? 'es' : 'en';
  document.title = words.title;
  const languages = element(
    'div',
    { class: 'head__languages', role: 'group', 'aria-label': words.language },
    languageButton('English', 'en', ENGLISH),
    languageButton('Español', 'es', SPANISH),
  );
  const building = 'M10 1 18 5v2H2V5zM3.5 8h2v7h-2zM9 8h2v7H9zM14.5 8h2v7h-2zM2 16h16v2H2z';
  const bell = ['M16 4a7 7 0 0 1 7 7c0 7 2 9 4 11H5c2-2 4-4 4-11a7 7 0 0 1 7-7z', 'M12 24h8a4 4 0 0 1-8 0z'];
  root.replaceChildren(
    element(
      'section',
      { class: 'banner', 'aria-label': words.banner },
      element('p', { class: 'wide' }, picture('0 0 20 20', building), words.banner),
    ),
    element(
      'header',
      { class: 'head' },
      element(
        'div',
        { class: 'wide' },
        element('p', { class: 'head__name' }, picture('0 0 32 32', ...bell), 'Bellwether'),
        languages,
      ),
    ),
    element(
      'main',
      { class: 'wide' },
      element('div', { class: 'intro' }, element('h1', {}, words.title), element('p', {}, words.intro)),
      stepsView(language, form, shownNow(), {
        onPolicy: takePolicyFile,
        onLog: takeLog,
        onFiles: checkFiles,
        onEntry: async (file) => {
          entry = await bytesOf(file);
        },
        onTyped: checkTyped,
        onReplay: replay,
        onStop: stop,
      }),
      answersView(answers, language),
    ),
  );
}

function shownNow(): Parameters<typeof stepsView>[2] {
  return { policy: policy?.name ?? null, log: log?.size ?? null, logFault, isBusy: worker !== null };
}

function languageButton(name: string, lang: string, to: Sentences): HTMLElement {
  const button = element('button', { type: 'button', lang, 'aria-pressed': String(language === to) }, name);
  button.addEventListener('click', () => {
    language = to;
    draw();
    root.querySelector<HTMLElement>(`.head__languages [lang=${lang}]`)?.focus();
  });
  return button;
}

async function takePolicyFile(file: File): Promise<void> {
  const bytes = await bytesOf(file);
  usePolicy(file.name, bytes);
}

function usePolicy(name: string, bytes: Uint8Array): void {
  const pinned = readPinnedPolicy(hasher, bytes);
  policy = pinned.isOk() ? { pinned: pinned.value, bytes, name } : null;
  say(
    name,
    pinned.map((read) => policyFinding(read, null)),
  );
}

function takeLog(files: readonly File[]): void {
  log = logFiles(files);
  logFault = log === null ? 'noCheckpoint' : null;
  draw();
  root.querySelector<HTMLElement>('#log')?.focus();
}

async function checkFiles(files: readonly File[]): Promise<void> {
  for (const file of files) {
    const bytes = await bytesOf(file);
    if (file.size > MAX_FILE_BYTES) say(file.name, unreadable(language.page.unknownFile));
    else await checkBytes(file.name, bytes);
  }
}

async function checkBytes(name: string, bytes: Uint8Array): Promise<void> {
  const kind = kindOf(bytes);
  if (kind === 'policy') return usePolicy(name, bytes);
  if (kind === 'sheet') return startWorker(name, { kind: 'sheet', bytes });
  if (kind === 'unknown') return say(name, unreadable(language.page.unknownFile));
  const tools = toolsNow();
  if (tools.isErr()) return say(name, tools);
  if (policy === null) return say(name, unreadable(language.page.needsPolicy));
  const trusted = policy.pinned.policy;
  if (kind === 'checkpoint')
    return say(name, (await judgeCheckpointFile(bytes, trusted, tools.value)).map(checkpointFinding));
  if (kind === 'proof')
    return say(name, (await judgeProof(bytes, entry, trusted, tools.value)).map(proofFinding));
  if (log === null) return say(name, unreadable(language.page.needsLog));
  if (kind === 'receipt') return checkReceipt(name, bytes, {});
  const stated = await judgeStatement(bytes, chosenSource(log), trusted, tools.value);
  say(name, stated.map(statementFinding));
}

async function checkTyped(): Promise<void> {
  const fields: Record<string, string> = {};
  for (const line of form.fields.split('\n').filter((text) => text.trim() !== '')) {
    const [, name, value] = /^\s*([^:]+?)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined)
      return say(language.page.typed.head, unreadable(language.page.typed.badField));
    fields[name] = value;
  }
  await checkReceipt(language.page.typed.head, encodeText(form.letters), fields);
}

async function checkReceipt(
  name: string,
  bytes: Uint8Array,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const tools = toolsNow();
  const genesis = pinnedGenesis();
  const receipt = receiptOf(hasher, bytes);
  if (tools.isErr()) return say(name, tools);
  if (genesis.isErr()) return say(name, genesis);
  if (receipt.isErr()) return say(name, receipt);
  if (policy === null) return say(name, unreadable(language.page.needsPolicy));
  if (log === null) return say(name, unreadable(language.page.needsLog));
  const told = Object.keys(fields).length === 0 ? null : fields;
  const source = chosenSource(log);
  const checked = await judgeReceipt(
    receipt.value,
    told,
    source,
    policy.pinned.policy,
    genesis.value,
    tools.value,
  );
  say(name, checked.map(receiptFinding));
}

function replay(): void {
  const name = language.page.log.replay;
  const task = replayTask();
  if (task.isErr()) say(name, task);
  else startWorker(name, task.value);
}

function replayTask(): Result<WorkerTask, VerifyError> {
  const tools = toolsNow();
  const genesis = pinnedGenesis();
  if (tools.isErr()) return tools;
  if (genesis.isErr()) return genesis;
  if (log === null) return unreadable(language.page.needsLog);
  const { now } = tools.value;
  const task = { files: log, policy: policy?.bytes ?? null, pinned: genesis.value, lastOnly: form.lastOnly };
  return ok({ kind: 'replay', ...task, now });
}

function startWorker(name: string, task: WorkerTask): void {
  worker?.terminate();
  const address = URL.createObjectURL(new Blob([WORKER_PROGRAM], { type: 'text/javascript' }));
  const started = new Worker(address);
  URL.revokeObjectURL(address);
  worker = started;
  draw();
  root.querySelector<HTMLElement>('#stop')?.focus();
  started.onmessage = ({ data }: MessageEvent<WorkerSays>) => {
    if (data.kind === 'progress') return showProgress(data.what, data.done, data.all);
    endWorker();
    say(name, data.kind === 'found' ? ok(data.finding) : err(data.error));
  };
  started.onerror = (event) => {
    endWorker();
    say(name, unreadable(event.message));
  };
  started.postMessage(task);
}

function stop(): void {
  endWorker();
  say(language.page.log.replay, err({ code: 'VERIFY_STOPPED', detail: language.page.log.stop }));
}

function endWorker(): void {
  worker?.terminate();
  worker = null;
}

function showProgress(what: 'state' | 'entries', done: number, all: number): void {
  const bar = root.querySelector('progress');
  const label = root.querySelector('#progress-label');
  if (bar === null || label === null) return;
  bar.max = Math.max(all, 1);
  bar.value = done;
  label.textContent = `${language.page.log[what]}: ${Math.floor((100 * done) / Math.max(all, 1))} %`;
}

/** Adds an answer, and leads there. */
function say(subject: string, found: Result<Finding, VerifyError>): void {
  const came = found.isOk() ? { finding: found.value } : { error: found.error };
  answers = [{ subject, ...came }, ...answers];
  draw();
  const head = root.querySelector<HTMLElement>('#answers');
  setTimeout(() => head?.focus(), BREATH_MS);
}

function toolsNow(): Result<CheckingTools, VerifyError> {
  const at = form.at.trim();
  if (at === '') return ok({ hasher, verifier, now: Date.now() });
  const now = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}$/.test(at)
    ? Date.parse(`${at.replace(' ', 'T')}Z`)
    : Number.NaN;
  return Number.isNaN(now) ? unreadable(language.page.pin.badTime) : ok({ hasher, verifier, now });
}

function pinnedGenesis(): Result<string | null, VerifyError> {
  const hash = form.genesis.trim().toLowerCase();
  if (hash === '') return ok(null);
  return /^[0-9a-f]{64}$/.test(hash) ? ok(hash) : unreadable(language.page.pin.badGenesis);
}

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, MAX_FILE_BYTES).arrayBuffer());
}

function unreadable(detail: string): Result<never, VerifyError> {
  return err({ code: 'VERIFY_UNREADABLE', detail });
}

/** A browser without Ed25519 would call every signature wrong. */
async function refuseOldBrowser(): Promise<void> {
  try {
    await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']);
  } catch {
    say(language.page.title, unreadable(language.page.oldBrowser));
  }
}
