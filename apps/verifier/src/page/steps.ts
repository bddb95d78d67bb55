/** The three steps of the page: whose signatures count, which log, and what is to be checked. */
import type { Sentences } from '../texts/texts.ts';
import { element, field, fileField } from './elements.ts';

/** What people typed and ticked. */
export type Form = { genesis: string; at: string; lastOnly: boolean; letters: string; fields: string };

/** What is in use. */
export type Shown = {
  readonly policy: string | null;
  /** Files of the log. */
  readonly log: number | null;
  readonly logFault: 'noCheckpoint' | null;
  readonly isBusy: boolean;
};

/** What the steps do. */
export type StepActions = {
  readonly onPolicy: (file: File) => Promise<void>;
  readonly onLog: (files: readonly File[]) => void;
  readonly onFiles: (files: readonly File[]) => Promise<void>;
  readonly onEntry: (file: File) => Promise<void>;
  readonly onTyped: () => Promise<void>;
  readonly onReplay: () => void;
  readonly onStop: () => void;
};

/** Shows them. */
export function stepsView(language: Sentences, form: Form, shown: Shown, actions: StepActions): HTMLElement {
  return element(
    'div',
    { class: 'steps' },
    policyStep(language, form, shown, actions),
    logStep(language, form, shown, actions),
    fileStep(language, actions),
    typedStep(language, form, actions),
  );
}

function panel(head: string, whole: boolean, ...children: readonly Node[]): HTMLElement {
  return element(
    'section',
    { class: whole ? 'panel panel--whole' : 'panel' },
    element('h2', {}, head),
    ...children,
  );
}

function policyStep({ page }: Sentences, form: Form, shown: Shown, actions: StepActions): HTMLElement {
  const { policy, pin, used } = page;
  const chosen = fileInput('policy', {}, (files) => files[0] && actions.onPolicy(files[0]));
  const genesis = element('input', { id: 'genesis', type: 'text', spellcheck: 'false', autocomplete: 'off' });
  bind(genesis, form, 'genesis');
  const at = element('input', { id: 'at', type: 'text', autocomplete: 'off' });
  bind(at, form, 'at');
  const isOpen = form.genesis !== '' || form.at !== '';
  return panel(
    policy.head,
    false,
    fileField(policy.label, policy.help, chosen),
    element('p', { class: 'soft' }, shown.policy === null ? policy.none : used(shown.policy)),
    element(
      'details',
      { open: isOpen },
      element('summary', {}, pin.summary),
      element('div', {}, field(pin.genesis, pin.genesisHelp, genesis), field(pin.at, pin.atHelp, at)),
    ),
  );
}

function logStep({ page }: Sentences, form: Form, shown: Shown, actions: StepActions): HTMLElement {
  const { log } = page;
  const folder = fileInput('log', { webkitdirectory: true, multiple: true }, actions.onLog);
  const last = element('input', { id: 'last', type: 'checkbox' });
  last.checked = form.lastOnly;
  last.addEventListener('change', () => {
    form.lastOnly = last.checked;
  });
  const state =
    shown.logFault === null
      ? element('p', { class: 'soft' }, shown.log === null ? log.none : log.chosen(shown.log))
      : element('p', { class: 'wrong', role: 'alert' }, log[shown.logFault]);
  const replay = element('button', { type: 'button', id: 'replay' }, log.replay);
  replay.addEventListener('click', actions.onReplay);
  const stop = element('button', { type: 'button', id: 'stop', class: 'second' }, log.stop);
  stop.addEventListener('click', actions.onStop);
  const busy = [
    element('p', { id: 'progress-label' }, page.file.checking),
    element('progress', { 'aria-labelledby': 'progress-label' }),
    element('div', {}, stop),
  ];
  return panel(
    log.head,
    false,
    fileField(log.label, log.help, folder),
    state,
    element('label', { class: 'check' }, last, log.last),
    ...(shown.isBusy ? busy : [element('div', {}, replay)]),
  );
}

function fileStep({ page }: Sentences, actions: StepActions): HTMLElement {
  const { file, entry } = page;
  const files = fileInput('files', { multiple: true }, actions.onFiles);
  const own = fileInput('entry', {}, (chosen) => chosen[0] && actions.onEntry(chosen[0]));
  const zone = element(
    'div',
    { class: 'drop' },
    fileField(file.label, file.help, files),
    element('p', { class: 'soft' }, file.drop),
  );
  const over = (isOver: boolean) => (event: DragEvent) => {
    event.preventDefault();
    zone.classList.toggle('drop--over', isOver);
  };
  zone.addEventListener('dragover', over(true));
  zone.addEventListener('dragleave', over(false));
  zone.addEventListener('drop', (event) => {
    over(false)(event);
    void actions.onFiles([...(event.dataTransfer?.files ?? [])]);
  });
  return panel(
    file.head,
    false,
    zone,
    element(
      'details',
      {},
      element('summary', {}, entry.label),
      element('div', {}, fileField(entry.choose, entry.help, own)),
    ),
  );
}

function typedStep({ page }: Sentences, form: Form, actions: StepActions): HTMLElement {
  const { typed } = page;
  const letters = element('textarea', {
    id: 'letters',
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'characters',
  });
  bind(letters, form, 'letters');
  const fields = element('textarea', { id: 'fields', spellcheck: 'false', autocomplete: 'off' });
  bind(fields, form, 'fields');
  const check = element('button', { type: 'button', id: 'check-typed' }, typed.check);
  check.addEventListener('click', () => void actions.onTyped());
  return panel(
    typed.head,
    false,
    field(typed.label, typed.help, letters),
    field(typed.fields, typed.fieldsHelp, fields),
    element('div', {}, check),
  );
}

function fileInput(
  id: string,
  attributes: Readonly<Record<string, boolean>>,
  take: (files: readonly File[]) => unknown,
): HTMLInputElement {
  const input = element('input', { id, type: 'file', ...attributes });
  input.addEventListener('change', () => void take([...(input.files ?? [])]));
  return input;
}

function bind(
  input: HTMLInputElement | HTMLTextAreaElement,
  form: Form,
  name: 'genesis' | 'at' | 'letters' | 'fields',
): void {
  input.value = form[name];
  input.addEventListener('input', () => {
    form[name] = input.value;
  });
}
