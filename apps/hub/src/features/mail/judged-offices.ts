/** The offices whose mail one process judges: each by its own file, all with one past, so that a lure for many is seen as one. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import type { MailError, MailGround, Past } from '@bellwether/mail';
import type { MailFileError } from './files/errors.ts';
import { listedGround, officeFile } from './ground.ts';
import { type GroundArguments, groundFrom } from './ground-arguments.ts';

/** All of them. */
export type JudgedOffices = {
  /** Whose mail it is, by domains and addresses of its recipients; the first office where nobody's is among them. */
  readonly officeOf: (recipients: readonly string[]) => string;
  readonly groundOf: (office: string) => MailGround;
  readonly past: Past;
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
  const grounds = new Map<string, MailGround>();
  const places = new Map<string, string>();
  for (const file of files.value) {
    const list = officeFile(file);
    if (list.isErr()) return list;
    const { own, offices, correspondents } = list.value;
    grounds.set(own, { ...first.value, ...listedGround(list.value) });
    past.know(own, correspondents);
    const office = offices.find((one) => one.office === own);
    for (const place of [...(office?.domains ?? []), ...(office?.addresses ?? [])])
      places.set(place.toLowerCase(), own);
  }
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
    groundOf: (office) => grounds.get(office) ?? first.value,
  });
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
