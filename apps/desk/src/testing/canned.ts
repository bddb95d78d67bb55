/** A hub that always answers the same: what the pages are looked at with. */
import type { IncidentsAnswer, Problem } from '@bellwether/api';
import { cannedBlocks } from './canned-blocks.ts';
import { DRILLS_ANSWER } from './canned-drills.ts';
import { cannedMail } from './canned-mail.ts';
import { cannedPeople } from './canned-people.ts';
import { cannedRolls } from './canned-rolls.ts';
import { DAY, INCIDENTS, OFFICES_ANSWER, officeAnswer } from './day.ts';
import { contactsAnswer, SOURCE_ANSWER, SURFACE_ANSWER } from './evidence.ts';

/** Status and body of an answer. */
export type Canned = { readonly status: number; readonly body: unknown };

const NOT_FOUND: Problem = {
  code: 'NOT_FOUND',
  message: 'There is nothing at this address.',
  detail: 'Nobody is listed under it.',
  help: 'Go back to the list and choose from it.',
};

/** Answers a GET of the API. */
export function cannedAnswer(url: URL): Canned {
  const path = url.pathname.replace(/^\/api\/v1\//, '');
  switch (path) {
    case 'today':
      return found(DAY);
    case 'offices':
      return found(OFFICES_ANSWER);
    case 'contacts':
      return found(
        url.searchParams.get('source') === '192.0.2.1'
          ? { ...contactsAnswer(null), contacts: [], next: null, total: 0 }
          : contactsAnswer(url.searchParams.get('cursor')),
      );
    case 'drills':
      return found(DRILLS_ANSWER);
    case 'surface':
      return found(SURFACE_ANSWER);
    case 'incidents':
      return found({ incidents: [...INCIDENTS], total: INCIDENTS.length } satisfies IncidentsAnswer);
    default:
      break;
  }
  const people = cannedPeople(path, url.searchParams);
  if (people !== undefined) return found(people);
  const blocks = cannedBlocks(path);
  if (blocks !== undefined) return found(blocks);
  const mail = cannedMail(path);
  if (mail !== undefined) return found(mail);
  const roll = cannedRolls(path, url.searchParams);
  if (roll !== undefined) return found(roll);
  if (path.startsWith('sources/')) return found(SOURCE_ANSWER);
  const office = path.startsWith('offices/') ? officeAnswer(path.slice('offices/'.length)) : undefined;
  return office === undefined ? { status: 404, body: NOT_FOUND } : found(office);
}

function found(body: unknown): Canned {
  return { status: 200, body };
}
