/** Small signs: what became of a contact, and how an office stands. The sign tells the same as the color. */
import type { DispositionName, OfficeState } from '@bellwether/api';
import { DISPOSITION_WORDS, GROUPS } from '../words/dispositions.ts';
import { OFFICE_WORDS } from '../words/offices.ts';

const SIGNS = { stopped: '×', served: '○', known: '·', open: '?', through: '!' } as const;

export function DispositionTag({ disposition }: { readonly disposition: DispositionName }) {
  const group = GROUPS.find(({ of }) => of.includes(disposition))?.key ?? 'open';
  return (
    <span className={`sign sign--${group}`}>
      <span aria-hidden="true">{SIGNS[group]}</span> {DISPOSITION_WORDS[disposition].name}
    </span>
  );
}

export function OfficeTag({ state }: { readonly state: OfficeState }) {
  return (
    <span className={`sign sign--${state}`}>
      <span aria-hidden="true">{OFFICE_WORDS[state].mark}</span> {OFFICE_WORDS[state].name}
    </span>
  );
}
