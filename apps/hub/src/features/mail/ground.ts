/** What judging stands on, outside of a hub: an office's file, DNS, what was learned, and a past that grows message by message. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, parseCidr, type Result } from '@bellwether/basics';
import {
  type CommonIndex,
  compileList,
  type MailError,
  type MailGround,
  Past,
  type ProtectedList,
  type Resolve,
  readProtected,
  readWeights,
  shippedWeights,
  type Weights,
} from '@bellwether/mail';
import { readCodes } from './codes/read-codes.ts';
import type { MailFileError } from './files/errors.ts';

/** Longest file of an office: the 116 offices of a state, their vendors and their people have a quarter of a megabyte. */
const MOST_BYTES = 16_777_216;

/** Nobody is protected, and nobody is known: what is judged without an office's file. */
export const NOBODY: ProtectedList = {
  own: 'state',
  offices: [],
  people: [],
  organisations: [],
  correspondents: [],
  sealers: [],
  relays: [],
};

/** The list of an office's file. */
export function officeFile(path: string): Result<ProtectedList, MailError | MailFileError> {
  let text: string;
  try {
    text = readFileSync(path).subarray(0, MOST_BYTES).toString('utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return err({ code: 'MAIL_FILE_MISSING', detail: path });
    return err({ code: 'MAIL_FILE_UNREADABLE', detail: message });
  }
  return readProtected(text);
}

/** Where what was learned here lies in a data folder. */
export const WEIGHTS_FILE = 'mail/weights.json';

/** What was learned here; null where nothing was. */
export function localWeights(data: string): Result<Weights | null, MailError | MailFileError> {
  const path = join(data, WEIGHTS_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return ok(null);
    return err({ code: 'MAIL_FILE_UNREADABLE', detail: message });
  }
  return readWeights(text);
}

/** What a list says to the judge. `common`: where another list has the same. */
export function listedGround(
  list: ProtectedList,
  common?: CommonIndex,
): Pick<MailGround, 'index' | 'sealers' | 'relays'> {
  return {
    index: compileList(list, common),
    sealers: new Set(list.sealers.map((domain) => domain.toLowerCase())),
    relays: list.relays.map((relay) => parseCidr(relay).okOrThrow()),
  };
}

/** The ground of one office. `weights`: null for what is shipped. */
export function groundOf(
  list: ProtectedList,
  resolve: Resolve,
  weights: Weights | null,
): MailGround & { readonly past: Past } {
  const past = new Past();
  past.know(list.own, list.correspondents);
  const known = { badAs: () => null };
  return {
    ...listedGround(list),
    resolve,
    relations: past,
    known,
    weights: shippedOr(weights),
    readCodes,
    past,
  };
}

/** What was learned here, or what is shipped. */
export function shippedOr(learned: Weights | null): Weights {
  return learned ?? shippedWeights();
}
