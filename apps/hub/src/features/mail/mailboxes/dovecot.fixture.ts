/** For tests: a Dovecot of its own, with its own users, mail and port, that is killed and started again at will. Needs root. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../milter/postfix.fixture.ts';

/** Password of everybody. */
export const PASSWORD = 'correct horse';

/** Who signs in for others: `clerk@office.example*bellwether`. */
export const MASTER = 'bellwether';

/** What a Dovecot may be made to lack. */
export type DovecotOptions = {
  readonly users: readonly string[];
  /** What it says that it can; its own words where left out. */
  readonly capability?: string;
  /** With TLS, from the start or by STARTTLS: certificate and key, paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly by: 'from-start' | 'starttls' };
};

/** A Dovecot. */
export type TestDovecot = {
  readonly port: number;
  /** Starts it, and waits until it answers. */
  start(): Promise<void>;
  /** Kills all of its processes at once, as a power cut does. */
  kill(): Promise<void>;
  /** Puts a message into the inbox of a user as if it had just been delivered. `at`: ms since 1970. */
  deliver(user: string, message: string | Buffer, at?: number): void;
  /** Every message of a user, by folder: its bytes and its flags as letters of Maildir. */
  messages(user: string): { folder: string; flags: string; text: string }[];
  log(): string;
  /** Ends it, and removes all that it had. */
  stop(): Promise<void>;
};

const NOBODY = 65534;

/** A minute. */
const MOST_TRIES = 3_000;

/** Makes one that is not started yet. */
export async function testDovecot({ users, capability, tls }: DovecotOptions): Promise<TestDovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'bw-dovecot-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const line = (name: string): string => `${name}:{PLAIN}${PASSWORD}::::::\n`;
  writeFileSync(join(folder, 'users'), users.map(line).join(''), { mode: 0o644 });
  writeFileSync(join(folder, 'masters'), line(MASTER), { mode: 0o644 });
  writeFileSync(join(folder, 'dovecot.conf'), settings(folder, port, capability, tls));
  mkdirSync(join(folder, 'mail'));
  chownSync(join(folder, 'mail'), NOBODY, NOBODY);
  for (const user of users) makeMaildir(join(folder, 'mail', user));
  let server: ReturnType<typeof spawn> | undefined;
  let delivered = 0;

  const kill = async (): Promise<void> => {
    if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    for (const pid of familyOf(server.pid)) killed(pid);
    await ended;
    rmSync(join(folder, 'run'), { recursive: true, force: true });
  };

  return {
    port,
    kill,
    async start() {
      server = spawn('dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], {
        stdio: 'ignore',
        detached: true,
      });
      // Where two are started at once, one of them ends and the other one answers.
      for (let tries = 0; !(await answers(port)); tries++) {
        if (tries === MOST_TRIES) throw new Error(`Dovecot does not answer: ${server.exitCode}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    deliver(user, message, at) {
      const file = join(folder, 'mail', user, 'new', `${1_700_000_000 + delivered++}.M${delivered}P1.test`);
      const bytes = typeof message === 'string' ? Buffer.from(message.replaceAll(/\r?\n/g, '\r\n')) : message;
      // Written aside and renamed, as Maildir has it: nobody sees half a message.
      const aside = join(folder, 'mail', user, 'tmp', `${delivered}`);
      writeFileSync(aside, bytes);
      chownSync(aside, NOBODY, NOBODY);
      if (at !== undefined) utimesSync(aside, at / 1000, at / 1000);
      renameSync(aside, file);
    },
    messages(user) {
      const root = join(folder, 'mail', user);
      const names = readdirSync(root).filter((name) => name.startsWith('.') && name !== '..');
      return ['', ...names].flatMap((name) =>
        ['new', 'cur'].flatMap((half) =>
          filesOf(join(root, name, half)).map((file) => ({
            folder: name === '' ? 'INBOX' : name.slice(1),
            flags: /:2,([A-Za-z]*)$/.exec(file)?.[1] ?? '',
            text: readFileSync(join(root, name, half, file), 'latin1'),
          })),
        ),
      );
    },
    log: () => readFileSync(join(folder, 'log'), 'utf8'),
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function settings(
  folder: string,
  port: number,
  capability: string | undefined,
  tls: DovecotOptions['tls'],
): string {
  const isFromStart = tls?.by === 'from-start';
  return `protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
instance_name = ${folder.split('/').at(-1)}
auth_failure_delay = 0
auth_master_user_separator = *
disable_plaintext_auth = no
first_valid_uid = 1
mail_max_userip_connections = 50
mail_location = maildir:${folder}/mail/%u
mail_uid = ${NOBODY}
mail_gid = ${NOBODY}
ssl = ${tls === undefined ? 'no' : 'required'}
${tls === undefined ? '' : `ssl_cert = <${tls.cert}\nssl_key = <${tls.key}`}
passdb {
  driver = passwd-file
  args = ${folder}/masters
  master = yes
}
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${folder}/mail/%u
}
service imap-login {
  inet_listener imap {
    port = ${isFromStart ? 0 : port}
  }
  inet_listener imaps {
    port = ${isFromStart ? port : 0}
    ssl = yes
  }
}
service stats {
  client_limit = 1000
}
namespace inbox {
  inbox = yes
  mailbox Trash {
    special_use = \\Trash
    auto = create
  }
}
protocol imap {
  ${capability === undefined ? '' : `imap_capability = ${capability}`}
}
`;
}

function makeMaildir(path: string): void {
  for (const name of ['', 'new', 'cur', 'tmp']) {
    mkdirSync(join(path, name));
    chownSync(join(path, name), NOBODY, NOBODY);
  }
}

function filesOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** A process and all that it started. */
function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const family = [pid];
  for (const [child, parent] of parents) if (parent === pid) family.push(child);
  return family;
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
