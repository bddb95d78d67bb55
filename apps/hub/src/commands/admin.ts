/** `bellwether admin`: lets an administrator in on the day when nobody can sign in, from the machine that holds the data. */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { PASSING, ROLES, type Role } from '../platform/auth/rights.ts';
import { existingFolder, usualFolder } from '../platform/folder.ts';
import { type AdminAct, type AdminAnswer, actOnPeople } from './admin-acts.ts';
import { adminHelp, answerAsJson, answerAsText, refusalText } from './admin-text.ts';

const EXIT = { done: 0, failed: 1, usage: 2, refused: 3 } as const;

/** Runs `bellwether admin ARGS`; gives the exit code. */
export async function adminCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    process.stdout.write(adminHelp());
    return EXIT.done;
  }
  const act = actOf(positionals, values);
  if (typeof act === 'string') return wrongUsage(act);
  const folder = existingFolder(values.data ?? usualFolder(process.env, process.getuid?.()));
  if (folder.isErr()) return failed(EXIT.failed, refusalText(folder.error));
  const origin = `this machine, user ${userName()}`;
  const done = await actOnPeople(folder.value, process.env.DATABASE_URL, act, origin, Date.now);
  if (done.isErr()) {
    const exit = 'detail' in done.error ? EXIT.refused : EXIT.failed;
    return failed(exit, refusalText(done.error));
  }
  return tell(done.value, values.json === true);
}

/** The one place where a code is written: to whoever gave the command, and to no log. */
function tell(answer: AdminAnswer, json: boolean): number {
  process.stdout.write(json ? `${JSON.stringify(answerAsJson(answer))}\n` : answerAsText(answer));
  return EXIT.done;
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      role: text,
      place: text,
      phone: text,
      why: text,
      until: text,
      data: text,
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

/** What is to be done; a text: what is wrong with how it was said. */
function actOf(
  [verb, who, ...more]: readonly string[],
  {
    role,
    place,
    phone,
    until,
    why,
  }: Readonly<Partial<Record<'role' | 'place' | 'phone' | 'until' | 'why', string>>>,
): AdminAct | string {
  if (more.length > 0)
    return `a name of several words needs quotes: ${JSON.stringify(more.join(' '))} is too much`;
  const forInvite = [role, place, phone, until].some((option) => option !== undefined);
  if (verb !== 'invite' && forInvite) return '--role, --place, --phone and --until go with invite';
  switch (verb) {
    case 'list':
      return who === undefined && why === undefined ? { verb } : 'list takes no name and no reason';
    case 'invite': {
      if (who === undefined) return 'name the person who is invited';
      const given = role ?? 'administrator';
      if (!isRole(given)) return `there is no role ${JSON.stringify(given)}; there are ${ROLES.join(', ')}`;
      const end = until === undefined ? null : momentOf(until);
      if (end === undefined)
        return `--until takes a time such as 2026-11-30T17:00:00Z, not ${JSON.stringify(until)}`;
      if (end === null && PASSING.has(given)) {
        return `the role ${given} needs an end: say --until, for example 2026-11-30T17:00:00Z`;
      }
      return {
        verb,
        name: who,
        role: given,
        place: place ?? 'state',
        phone: phone ?? null,
        until: end,
        why: why ?? null,
      };
    }
    case 'revoke':
    case 'recover':
      if (who === undefined) return `name the person, as \`bellwether admin list\` has them`;
      return why === undefined ? 'say why with --why: it stands in the trail' : { verb, person: who, why };
    case undefined:
      return 'say invite, list, revoke or recover';
    default:
      return `${JSON.stringify(verb)} is none of invite, list, revoke, recover`;
  }
}

/** ms since 1970 of a time as ISO 8601 has it, with its zone; undefined: it is none. */
function momentOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const time = Date.parse(text);
  // There is no 30 February, though clocks make a day of March of it.
  const day = new Date(`${text.slice(0, 10)}T00:00Z`);
  if (Number.isNaN(time) || Number.isNaN(day.getTime())) return undefined;
  return day.toISOString().startsWith(text.slice(0, 10)) ? time : undefined;
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** Who gave the command, as far as the machine knows: one who became root by `sudo` is still named. */
function userName(): string {
  if (process.env.SUDO_USER !== undefined) return process.env.SUDO_USER;
  try {
    return userInfo().username;
  } catch {
    // In a container a user may have a number and no name.
    return `number ${process.getuid?.()}`;
  }
}

function failed(exit: number, reason: string): number {
  process.stderr.write(`bellwether admin: ${reason}\n`);
  return exit;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether admin: ${reason}\n\n${adminHelp()}`);
  return EXIT.usage;
}
