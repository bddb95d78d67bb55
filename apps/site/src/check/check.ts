/**
 * *Check my registration*: a receipt, what the card says, and three answers. All of it is computed here; the server is asked for parts of
 * its public log and for nothing else, and nothing is kept.
 */
import { err, type Result } from '@bellwether/basics';
import { encodeText, type Subtle, sha256Hasher, webVerifier } from '@bellwether/evidence';
import { formatReceipt, typedReceipt } from '@bellwether/rolls';
import { type ListedExtract, receiptOf, type VerifyError } from '@bellwether/verifier/checking';
import { element, field, fileField, picture, sentences } from '@bellwether/verifier/elements';
import { answersView } from './answers.ts';
import { type Beginning, readBeginning } from './beginning.ts';
import { ENGLISH } from './english.ts';
import { type Answers, askAll } from './judging.ts';
import { servedLog } from './served-log.ts';
import { SPANISH } from './spanish.ts';
import type { Said, Words } from './words.ts';

/** Longest file that is taken for a receipt. */
const MOST_FILE = 4_096;

const hasher = sha256Hasher();
const verifier = webVerifier(crypto.subtle as unknown as Subtle);
const root = document.getElementById('page')!;
const source = servedLog(placeOf('bellwether-log'));
const [policyName, policyFolder] = splitAddress(placeOf('bellwether-policy'));

let words: Words = navigator.language.startsWith('es') ? SPANISH : ENGLISH;
let beginning: Result<Beginning, VerifyError> | null = null;
let answers: Answers | Said | null = null;
let isBusy = false;

/** What was typed and chosen, kept while the page is drawn again. */
const form = { letters: '', fields: new Map<string, string>(), place: '' };

draw();
void begin();

async function begin(): Promise<void> {
  beginning = (await canVerify())
    ? await readBeginning(source, { source: servedLog(policyFolder), path: policyName }, hasher)
    : err({ code: 'VERIFY_STOPPED', detail: '' });
  draw();
}

/** A browser without Ed25519 would call every signature wrong. */
async function canVerify(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']);
    return true;
  } catch {
    return false;
  }
}

function draw(): void {
  document.documentElement.lang = words.lang;
  document.title = words.title;
  root.replaceChildren(banner(), head(), main());
}

function banner(): HTMLElement {
  const building = 'M10 1 18 5v2H2V5zM3.5 8h2v7h-2zM9 8h2v7H9zM14.5 8h2v7h-2zM2 16h16v2H2z';
  const text = element('p', { class: 'wide' }, picture('0 0 20 20', building), words.banner);
  return element('section', { class: 'banner', 'aria-label': words.banner }, text);
}

function head(): HTMLElement {
  const bell = ['M16 4a7 7 0 0 1 7 7c0 7 2 9 4 11H5c2-2 4-4 4-11a7 7 0 0 1 7-7z', 'M12 24h8a4 4 0 0 1-8 0z'];
  const languages = element(
    'div',
    { class: 'head__languages', role: 'group', 'aria-label': words.language },
    languageButton('English', ENGLISH),
    languageButton('Español', SPANISH),
  );
  const name = element('p', { class: 'head__name' }, picture('0 0 32 32', ...bell), 'Bellwether');
  return element('header', { class: 'head' }, element('div', { class: 'wide' }, name, languages));
}

function languageButton(name: string, to: Words): HTMLElement {
  const attributes = { type: 'button', lang: to.lang, 'aria-pressed': String(words === to) };
  const button = element('button', attributes, name);
  button.addEventListener('click', () => {
    words = to;
    draw();
    root.querySelector<HTMLElement>(`.head__languages [lang=${to.lang}]`)?.focus();
  });
  return button;
}

function main(): HTMLElement {
  const intro = element(
    'div',
    { class: 'intro' },
    element('h1', {}, words.title),
    element('p', {}, words.intro),
  );
  const shown = beginning?.isOk() ? [stepsView(beginning.value), ...came()] : [waiting()];
  return element('main', { class: 'wide' }, intro, ...shown, ...notes());
}

function waiting(): HTMLElement {
  if (beginning === null || beginning.isOk()) return element('p', { role: 'status' }, `${words.checking} …`);
  const { code, detail } = beginning.error;
  return trouble(
    code === 'VERIFY_STOPPED' ? words.oldBrowser : { ...words.away, lines: [...words.away.lines, detail] },
  );
}

function stepsView({ fields, pollBooks: books }: Beginning): HTMLElement {
  const check = element(
    'button',
    { type: 'submit', disabled: isBusy },
    isBusy ? `${words.checking} …` : words.check,
  );
  const steps = element(
    'form',
    { class: 'steps', novalidate: true },
    receiptStep(),
    cardStep(fields),
    bookStep(books),
    element('div', { class: 'panel--whole' }, check),
  );
  steps.addEventListener('submit', (event) => {
    event.preventDefault();
    void ask();
  });
  return steps;
}

function panel(title: string, ...children: readonly Node[]): HTMLElement {
  return element('section', { class: 'panel' }, element('h2', {}, title), ...children);
}

function receiptStep(): HTMLElement {
  const { receipt } = words;
  const letters = element('textarea', { id: 'letters', spellcheck: 'false', autocomplete: 'off' });
  letters.value = form.letters;
  letters.addEventListener('input', () => {
    form.letters = letters.value;
  });
  const file = element('input', { id: 'receipt-file', type: 'file' });
  file.addEventListener('change', () => void takeFile(file.files?.[0]));
  return panel(
    receipt.head,
    field(receipt.label, receipt.help, letters),
    fileField(receipt.file, receipt.fileHelp, file),
    element('p', { class: 'soft' }, receipt.none),
  );
}

function cardStep(fields: readonly string[]): HTMLElement {
  const { card } = words;
  const inputs = fields.map((name, at) => {
    const input = element('input', {
      id: `field-${at}`,
      type: 'text',
      autocomplete: 'off',
      spellcheck: 'false',
    });
    input.value = form.fields.get(name) ?? '';
    input.addEventListener('input', () => void form.fields.set(name, input.value));
    const label = element('label', { for: input.id }, card.field(name) ?? name);
    return element('div', { class: 'field' }, label, input);
  });
  return panel(card.head, element('p', { class: 'soft' }, card.help), ...inputs);
}

function bookStep(books: readonly ListedExtract[]): HTMLElement {
  const { book } = words;
  if (books.length === 0) return panel(book.head, element('p', {}, book.none));
  const places = books.map(({ place }) =>
    element('option', { value: place, selected: place === form.place }, book.place(place)),
  );
  const select = element('select', { id: 'place' }, element('option', { value: '' }, book.choose), ...places);
  select.addEventListener('change', () => {
    form.place = select.value;
  });
  return panel(book.head, field(book.label, book.help, select));
}

async function takeFile(file: File | undefined): Promise<void> {
  if (file === undefined) return;
  const receipt = receiptOf(hasher, new Uint8Array(await file.slice(0, MOST_FILE).arrayBuffer()));
  if (receipt.isErr()) return show(words.noReceipt);
  form.letters = typedReceipt(formatReceipt(hasher, receipt.value));
  draw();
  root.querySelector<HTMLElement>('#letters')?.focus();
}

async function ask(): Promise<void> {
  if (isBusy || !beginning?.isOk()) return;
  const { policy, pollBooks: books } = beginning.value;
  const receipt = receiptOf(hasher, encodeText(form.letters));
  if (receipt.isErr())
    return show({ ...words.noReceipt, lines: [...words.noReceipt.lines, receipt.error.detail] });
  isBusy = true;
  answers = null;
  draw();
  const typed = [...form.fields].filter(([, value]) => value.trim() !== '');
  const pollBook = books.find(({ place }) => place === form.place) ?? null;
  const asked = { receipt: receipt.value, fields: Object.fromEntries(typed), pollBook };
  const all = await askAll(asked, source, policy, { hasher, verifier, now: Date.now() });
  isBusy = false;
  show(all);
}

function show(what: Answers | Said): void {
  answers = what;
  draw();
  root.querySelector<HTMLElement>('#answers')?.focus();
}

function came(): readonly HTMLElement[] {
  if (answers === null) return [];
  if ('sealed' in answers) return [answersView(answers, words)];
  return [trouble(answers)];
}

function trouble({ head: title, lines }: Said): HTMLElement {
  const heading = element('h2', { id: 'answers', tabindex: '-1' }, title);
  return element('section', { class: 'answer answer--open', role: 'alert' }, heading, sentences(lines));
}

function notes(): readonly HTMLElement[] {
  const { limits, learned, trust } = words;
  const note = ({ head: title, lines }: Said, ...more: readonly Node[]): HTMLElement =>
    element('section', { class: 'note' }, element('h2', {}, title), sentences(lines), ...more);
  const policy = beginning?.isOk()
    ? [element('p', { class: 'soft' }, words.policy(beginning.value.hash))]
    : [];
  const save = element('a', { href: '../verify/bellwether-verify.html', download: true }, words.save);
  const sums = element('a', { href: '../verify/SHA256SUMS' }, 'SHA256SUMS');
  const links = element('p', {}, save, ' · ', sums);
  return [element('div', { class: 'notes' }, note(limits), note(learned), note(trust, links, ...policy))];
}

/** Where something is, as the page's head tells. */
function placeOf(name: string): URL {
  const content = document.querySelector<HTMLMetaElement>(`meta[name=${name}]`)?.content ?? '';
  return new URL(content, document.baseURI);
}

/** The last part of an address, and the folder that it lies in. */
function splitAddress(address: URL): [string, URL] {
  const name = address.pathname.slice(address.pathname.lastIndexOf('/') + 1);
  return [name, new URL('.', address)];
}
