/**
 * The page on which a voter asks to be let in again. It needs no script, and stands at another address than the services that
 * somebody may be kept from. English and Spanish, one below the other.
 */
import type { AppealOutcome } from '@bellwether/api';

/** What the page may do: its own style, its own form. */
export const UNBLOCK_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Where it stands. */
export const UNBLOCK_PATH = '/public/unblock/';

/** What the page shows: before it was asked, or after. */
export type UnblockState =
  | { readonly kind: 'ask' }
  | { readonly kind: 'wrong-code' }
  | { readonly kind: 'done'; readonly outcome: AppealOutcome };

type Words = {
  readonly title: string;
  readonly intro: string;
  readonly own: (address: string) => string;
  readonly button: string;
  readonly other: string;
  readonly label: string;
  readonly hint: string;
  readonly otherButton: string;
  readonly wrong: string;
  readonly outcomes: Readonly<Record<AppealOutcome, string>>;
};

const ENGLISH: Words = {
  title: 'Let me in again',
  intro:
    'A voter page asked you to wait, or was closed to you. You may share your internet address with many people, or with a program that collects pages. One press opens it again for a day. Your registration and your vote are not touched by any of this.',
  own: (address) => `Your internet address is ${address}.`,
  button: 'Let me in',
  other: 'For another device or place',
  label: 'The digits on the page that was closed',
  hint: '12 or 22 digits, in groups of four',
  otherButton: 'Let that one in',
  wrong: 'One of these digits is wrong. Look at them again, in groups of four.',
  outcomes: {
    'let-in': 'Done. Wait a minute, then open the voter page again.',
    already:
      'This address was let in within the last day. If the page still does not open, call your election office: they can help at once.',
    'not-held':
      'Nothing is held against this address. If the page does not open, the fault is elsewhere: wait some minutes, or call your election office.',
    'too-many':
      'Very many people ask right now, so a person has to look. Call your election office: they can let you in at once.',
  },
};

const SPANISH: Words = {
  title: 'Quiero entrar de nuevo',
  intro:
    'Una página para votantes le pidió esperar o se le cerró. Quizá comparte su dirección de internet con muchas personas, o con un programa que recoge páginas. Con un clic se abre de nuevo por un día. Nada de esto afecta su inscripción ni su voto.',
  own: (address) => `Su dirección de internet es ${address}.`,
  button: 'Quiero entrar',
  other: 'Para otro aparato u otro lugar',
  label: 'Las cifras de la página que se cerró',
  hint: '12 o 22 cifras, en grupos de cuatro',
  otherButton: 'Que entre ese',
  wrong: 'Una de estas cifras no es correcta. Mírelas otra vez, en grupos de cuatro.',
  outcomes: {
    'let-in': 'Listo. Espere un minuto y abra otra vez la página para votantes.',
    already:
      'Esta dirección ya se abrió durante el último día. Si la página todavía no abre, llame a su oficina electoral: le pueden ayudar enseguida.',
    'not-held':
      'No hay nada en contra de esta dirección. Si la página no abre, la causa es otra: espere unos minutos o llame a su oficina electoral.',
    'too-many':
      'En este momento lo piden muchísimas personas, y alguien tiene que mirarlo. Llame a su oficina electoral: le pueden abrir enseguida.',
  },
};

const STYLE = `:root{color-scheme:light dark;font:1.125rem/1.5 system-ui,sans-serif}
body{margin:0 auto;padding:2rem 1rem;max-width:38rem;color:#1b1b1b;background:#fff}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2rem}
section+section{margin-top:3rem;border-top:1px solid #71767a;padding-top:.5rem}
label{display:block;font-weight:700}
input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #565c65;border-radius:0;background:transparent;color:inherit}
button{font:inherit;font-weight:700;margin-top:.75rem;padding:.75rem 1.25rem;border:0;border-radius:.25rem;color:#fff;background:#005ea2}
button:focus-visible,input:focus-visible{outline:.25rem solid #2491ff;outline-offset:.125rem}
.told{border-left:.5rem solid #005ea2;padding:.5rem 1rem;background:#e7f6f8}
.hint{margin:.25rem 0;color:#565c65}
@media(prefers-color-scheme:dark){body{color:#f0f0f0;background:#1b1b1b}button{color:#1b1b1b;background:#73b3e7}.told{background:#112f4e}.hint{color:#c6cace}}`;

/** The page, for whoever comes from an address. `isSpanish`: that language stands first. */
export function unblockPage(address: string, state: UnblockState, isSpanish: boolean): string {
  const parts = [section('en', ENGLISH, address, state), section('es', SPANISH, address, state)];
  if (isSpanish) parts.reverse();
  const lang = isSpanish ? 'es' : 'en';
  return `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${(isSpanish ? SPANISH : ENGLISH).title}</title><style>${STYLE}</style></head>
<body><main>${parts.join('\n')}</main></body></html>
`;
}

function section(lang: string, words: Words, address: string, state: UnblockState): string {
  const told =
    state.kind === 'done'
      ? `<p class="told" role="status">${words.outcomes[state.outcome]}</p>`
      : state.kind === 'wrong-code'
        ? `<p class="told" role="status">${words.wrong}</p>`
        : '';
  const id = `code-${lang}`;
  return `<section lang="${lang}"><h1>${words.title}</h1>${told}<p>${words.intro}</p>
<form method="post" action="${UNBLOCK_PATH}"><p>${words.own(escaped(address))}</p><button type="submit">${words.button}</button></form>
<h2>${words.other}</h2>
<form method="post" action="${UNBLOCK_PATH}"><label for="${id}">${words.label}</label><p class="hint" id="${id}-hint">${words.hint}</p>
<input id="${id}" name="code" inputmode="numeric" autocomplete="off" maxlength="60" required aria-describedby="${id}-hint">
<button type="submit">${words.otherButton}</button></form></section>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
