/**
 * The user that PostgreSQL runs as. It refuses to run as root, so a hub that root started gives it another one; a hub
 * of any other user runs it as that user.
 */
import { chmodSync, chownSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { type PostgresError, postgresError } from './errors.ts';

/** A user of the system. */
export type Account = { readonly name: string; readonly uid: number; readonly gid: number };

/**
 * Who it is when root starts the hub, the first that exists: a user of our own (a package may make one); the one that
 * the system's PostgreSQL runs as, which is trusted with databases already; else `nobody`, which every Linux has. It
 * has to have a name, since initdb looks it up.
 */
const ACCOUNTS = ['bellwether', 'postgres', 'nobody'] as const;

/** The user for PostgreSQL, and whether it is another than ours. */
export type RunAs = { readonly account: Account; readonly switched: boolean };

/** The user that PostgreSQL is to run as. */
export function postgresAccount(passwd = '/etc/passwd'): Result<RunAs, PostgresError> {
  if (process.getuid?.() !== 0) {
    const own = ownAccount();
    if (own !== undefined) return ok({ account: own, switched: false });
    return err(postgresError('POSTGRES_ACCOUNT_MISSING', 'the user that runs this program has no name'));
  }
  const account = ACCOUNTS.map((name) => accountNamed(name, passwd)).find((found) => found !== undefined);
  if (account !== undefined) return ok({ account, switched: true });
  const reason = `root may not run PostgreSQL, and ${passwd} has none of ${ACCOUNTS.join(', ')}`;
  return err(postgresError('POSTGRES_ACCOUNT_MISSING', reason));
}

/** What `spawn` needs to run as that user. */
export function spawnAs({ account, switched }: RunAs): { readonly uid?: number; readonly gid?: number } {
  return switched ? { uid: account.uid, gid: account.gid } : {};
}

/** Gives a folder or file to the user, if it is another than ours, with these rights. */
export function give(path: string, { account, switched }: RunAs, mode: number): void {
  chmodSync(path, mode);
  if (switched) chownSync(path, account.uid, account.gid);
}

/** Lets the user pass through a folder that stays ours; closed to others. */
export function letPass(folder: string, { account, switched }: RunAs): void {
  if (switched) chownSync(folder, 0, account.gid);
  chmodSync(folder, switched ? 0o710 : 0o700);
}

/** Lets the user read a file that stays ours; closed to others. */
export function letRead(file: string, { account, switched }: RunAs): void {
  if (switched) chownSync(file, 0, account.gid);
  chmodSync(file, switched ? 0o640 : 0o600);
}

/** The first folder above `path` that the user cannot get through; undefined if it can. */
export function closedAbove(path: string, { account, switched }: RunAs): string | undefined {
  if (!switched) return undefined;
  const above: string[] = [];
  for (let at = dirname(path); above.at(-1) !== at; at = dirname(at)) above.push(at);
  return above.reverse().find((folder) => {
    const { mode, uid, gid } = statSync(folder);
    const right = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    return (mode & right) === 0;
  });
}

function ownAccount(): Account | undefined {
  try {
    const { username, uid, gid } = userInfo();
    return { name: username, uid, gid };
  } catch {
    return undefined;
  }
}

function accountNamed(name: string, passwd: string): Account | undefined {
  let text: string;
  try {
    text = readFileSync(passwd, 'utf8');
  } catch {
    return undefined;
  }
  const fields = text
    .split('\n')
    .map((line) => line.split(':'))
    .find(([user]) => user === name);
  if (fields === undefined) return undefined;
  const [uid, gid] = [Number(fields[2]), Number(fields[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { name, uid, gid } : undefined;
}
