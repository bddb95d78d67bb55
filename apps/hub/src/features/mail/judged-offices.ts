/** The offices whose mail one process judges: each by its own file, all with one past, so that a lure for many is seen as one. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import {
  type CommonIndex,
  compileCommon,
  type MailError,
  type MailGround,
  mergeLists,
  type Past,
  type ProtectedList,
} from '@bellwether/mail';
import type { MailFileError } from './files/errors.ts';
import { listedGround, officeFile } from './ground.ts';
import { type GroundArguments, groundFrom, type ListedGround } from './ground-arguments.ts';
import type { Standing } from './telling/standing.ts';

/** All of them. */
export type JudgedOffices = {
  /** Whose mail it is, by domains and addresses of its recipients; the first office where nobody's is among them. */
  readonly officeOf: (recipients: readonly string[]) => string;
  readonly groundOf: (office: string) => MailGround;
  readonly past: Past;
  /** From now on they also stand on what the hub says; called again when its list is another. */
  readonly standOn: (standing: Pick<Standing, 'protected' | 'known'>) => void;
};

/** Reads one office's file (`office`), or a folder of them (`offices`). */
export function judgedOffices(
  asked: GroundArguments & { readonly offices?: string | undefined },
  now: () => number,
): Result<JudgedOffices, MailError | MailFileError> {
  const files = asked.offices === undefined ? ok([asked.office ?? '']) : filesOf(asked.offices);
  if (files.isErr()) return files;
  const first = groundFrom({ ...asked, office: files.value[0] }, now);
  if (first.isErr()) return first;
  const { past, list: firstList } = first.value;
  const lists = new Map<string, ProtectedList>();
  const interned = interning();
  const places = new Map<string, string>();
  for (const file of files.value) {
    const list = officeFile(file);
    if (list.isErr()) return list;
    const { own, offices, correspondents } = list.value;
    lists.set(own, interned(list.value));
    past.know(own, correspondents);
    const office = offices.find((one) => one.office === own);
    for (const place of [...(office?.domains ?? []), ...(office?.addresses ?? [])])
      places.set(place.toLowerCase(), own);
  }
  const grounds = groundsOf(first.value, lists);
  return ok({
    past,
    officeOf: (recipients) => {
      for (const recipient of recipients) {
        const address = recipient.toLowerCase();
        const own = places.get(address) ?? places.get(address.slice(address.lastIndexOf('@') + 1));
        if (own !== undefined) return own;
      }
      return firstList.own;
    },
    ...grounds,
  });
}

/** Keeps what several lists have alike once: files of offices repeat what the state gave them. */
function interning(): (list: ProtectedList) => ProtectedList {
  const known = new Map<string, unknown>();
  const once = <T>(value: T): T => {
    const key = createHash('sha256').update(JSON.stringify(value)).digest('hex');
    if (!known.has(key)) known.set(key, value);
    return known.get(key) as T;
  };
  return (list) => ({
    ...list,
    offices: once(list.offices),
    people: once(list.people),
    organisations: once(list.organisations),
  });
}

/** Grounds of offices, each made when its first message comes. Lists of one content are made ready once for all. */
function groundsOf(
  first: ListedGround,
  lists: ReadonlyMap<string, ProtectedList>,
): Pick<JudgedOffices, 'groundOf' | 'standOn'> {
  const grounds = new Map<string, MailGround>();
  const commons = new Map<string, CommonIndex>();
  let standing: Pick<Standing, 'protected' | 'known'> = { protected: null, known: first.known };

  const commonOf = ({ offices, people, organisations }: ProtectedList): CommonIndex => {
    const content = JSON.stringify([offices, people, organisations]);
    const key = createHash('sha256').update(content).digest('hex');
    const common = commons.get(key) ?? compileCommon({ offices, people, organisations });
    commons.set(key, common);
    return common;
  };

  return {
    groundOf: (office) => {
      const own = lists.get(office) ?? first.list;
      const there = grounds.get(own.own);
      if (there !== undefined) return there;
      const list = standing.protected === null ? own : mergeLists(own, standing.protected);
      const ground = { ...first, ...listedGround(list, commonOf(list)), known: standing.known };
      grounds.set(own.own, ground);
      return ground;
    },
    standOn: (hubs) => {
      standing = { protected: hubs.protected, known: hubs.known };
      grounds.clear();
      commons.clear();
    },
  };
}

function filesOf(folder: string): Result<string[], MailFileError> {
  try {
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .sort();
    if (files.length === 0)
      return err({ code: 'MAIL_FILE_MISSING', detail: `there is no .yaml in ${folder}` });
    return ok(files.map((name) => join(folder, name)));
  } catch (cause) {
    return err({ code: 'MAIL_FILE_UNREADABLE', detail: (cause as Error).message });
  }
}
