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

/** The user for PostgreSQL. */
export type RunAs = {
  readonly account: Account;
  /** It is another than ours: we are root. */
  readonly switched: boolean;
  /** The data folder is that user's own: what we put there, we give to it. */
  readonly owner: boolean;
};

/**
 * The user that PostgreSQL is to run as for a data folder. Root runs it as the folder's owner, so that a command which
 * root gives changes nothing for a hub that runs as a service of its own user.
 */
export function postgresAccount(folder: string, passwd = '/etc/passwd'): Result<RunAs, PostgresError> {
  if (process.getuid?.() !== 0) {
    const own = ownAccount();
    if (own !== undefined) return ok({ account: own, switched: false, owner: true });
    return err(postgresError('POSTGRES_ACCOUNT_MISSING', 'the user that runs this program has no name'));
  }
  const { uid } = statSync(folder);
  const owner = uid === 0 ? undefined : accountWhere(([, , id]) => id === String(uid), passwd);
  if (owner !== undefined) return ok({ account: owner, switched: true, owner: true });
  const account = ACCOUNTS.map((name) => accountWhere(([user]) => user === name, passwd)).find(
    (found) => found !== undefined,
  );
  if (account !== undefined) return ok({ account, switched: true, owner: false });
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
export function letPass(folder: string, runAs: RunAs): void {
  if (runAs.owner) {
    give(folder, runAs, 0o700);
  } else {
    chownSync(folder, 0, runAs.account.gid);
    chmodSync(folder, 0o710);
  }
}

/** Lets the user read a file that stays ours; closed to others. */
export function letRead(file: string, runAs: RunAs): void {
  if (runAs.owner) {
    give(file, runAs, 0o600);
  } else {
    chownSync(file, 0, runAs.account.gid);
    chmodSync(file, 0o640);
  }
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

/** The first user in the file whose fields (name, password, uid, gid, ...) are the wanted ones. */
function accountWhere(wanted: (fields: readonly string[]) => boolean, passwd: string): Account | undefined {
  let text: string;
  try {
    text = readFileSync(passwd, 'utf8');
  } catch {
    return undefined;
  }
  const fields = text
    .split('\n')
    .map((line) => line.split(':'))
    .find(wanted);
  if (fields === undefined) return undefined;
  const [name, uid, gid] = [fields[0]!, Number(fields[2]), Number(fields[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { name, uid, gid } : undefined;
}
