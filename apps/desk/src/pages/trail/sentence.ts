/** An entry of the trail as a sentence: who did what, to whom, where. */
import type { TrailRow } from '@bellwether/api';
import { roleName } from '../../words/roles.ts';
import { type Names, nameOf } from '../people/names.ts';
import { ACTS, type Told, TRAIL } from './texts.ts';

/** Everybody whom these entries name, beside those whom the list of people knows. */
export function namesIn(entries: readonly TrailRow[], known: Names): Names {
  const names = new Map<string, string>();
  for (const { who, name, act, about, after } of entries) {
    if (!names.has(who)) names.set(who, name);
    const invited = act === 'person.invite' ? textOf(after, 'name') : undefined;
    if (invited !== undefined) names.set(about.replace(/^person:/, ''), invited);
  }
  return new Map([...names, ...known]);
}

/** What was done, without who did it: `invited Dana Reyes as clerk`. */
export function sentenceOf({ act, about, who, before, after }: TrailRow, names: Names): string {
  const person = personOf(about, names);
  const told = {
    person: about === `person:${who}` ? TRAIL.themselves : person,
    about,
    name: textOf(after, 'name') ?? textOf(before, 'name') ?? '',
    role: roleName(textOf(after, 'role') ?? textOf(before, 'role') ?? '').toLowerCase(),
    purpose: textOf(after, 'purpose') ?? '',
    state: textOf(after, 'state') ?? '',
    whose: personOf(`person:${textOf(before, 'person') ?? ''}`, names),
  };
  return Object.hasOwn(ACTS, act) ? (ACTS[act] as (told: Told) => string)(told) : TRAIL.otherAct(act, about);
}

function personOf(about: string, names: Names): string {
  if (!about.startsWith('person:')) return about;
  const number = about.slice('person:'.length);
  return number === '' ? '' : nameOf(number, names);
}

function textOf(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const member = (value as Readonly<Record<string, unknown>>)[name];
  return typeof member === 'string' ? member : undefined;
}
