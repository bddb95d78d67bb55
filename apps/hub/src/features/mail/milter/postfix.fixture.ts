/** For tests: a Postfix of its own, with its own queue, configuration and ports, that asks a milter and delivers into a folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Services that it needs to take a message, keep it, and deliver it. */
const SERVICES = `pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;

/** A message that was delivered: its lines. */
export type Delivered = string;

/** A Postfix that runs. */
export class TestPostfix {
  readonly port: number;
  readonly #folder: string;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  /** Starts it. `milterPort`: where it asks. */
  static async start(milterPort: number): Promise<TestPostfix> {
    const folder = mkdtempSync(join(tmpdir(), 'bw-postfix-'));
    chmodSync(folder, 0o755);
    const port = await freePort();
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postfix']).toString()));
    for (const name of ['queue', 'data', 'mail', 'etc']) mkdirSync(join(folder, name));
    for (const name of ['data', 'mail']) chownSync(join(folder, name), uid!, gid!);
    const settings = {
      compatibility_level: '3.6',
      queue_directory: join(folder, 'queue'),
      data_directory: join(folder, 'data'),
      command_directory: '/usr/sbin',
      daemon_directory: '/usr/lib/postfix/sbin',
      maillog_file: join(folder, 'log'),
      maillog_file_prefixes: folder,
      mail_owner: 'postfix',
      setgid_group: 'postdrop',
      inet_interfaces: '127.0.0.1',
      inet_protocols: 'ipv4',
      mynetworks: '127.0.0.0/8',
      myhostname: 'mx.office.example',
      mydestination: '',
      alias_maps: '',
      smtpd_relay_restrictions: 'permit_mynetworks, reject_unauth_destination',
      smtpd_authorized_xclient_hosts: '127.0.0.1',
      virtual_mailbox_domains: 'office.example',
      virtual_mailbox_base: join(folder, 'mail'),
      virtual_mailbox_maps: 'static:inbox/',
      virtual_uid_maps: `static:${uid}`,
      virtual_gid_maps: `static:${gid}`,
      virtual_minimum_uid: '1',
      smtpd_milters: `inet:127.0.0.1:${milterPort}`,
      milter_default_action: 'tempfail',
      milter_protocol: '6',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
    writeFileSync(join(folder, 'etc/main.cf'), lines.join(''));
    writeFileSync(join(folder, 'etc/master.cf'), `127.0.0.1:${port} inet n - n - - smtpd\n${SERVICES}`);
    execFileSync('postfix', ['-c', join(folder, 'etc'), 'start'], { stdio: 'pipe' });
    return new TestPostfix(folder, port);
  }

  /** Sends a message from an address of outside; gives the last answer, which is the first that says no. */
  async send(message: string, client = '192.0.2.25'): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    const say = speaker(socket);
    try {
      const lines = [
        null,
        `XCLIENT ADDR=${client} NAME=mail.sender.example`,
        'EHLO mail.sender.example',
        'MAIL FROM:<pat@sender.example>',
        'RCPT TO:<clerk@office.example>',
        'DATA',
        `${message.replaceAll(/\r?\n/g, '\r\n')}\r\n.`,
      ];
      let answer = '';
      for (const line of lines) {
        answer = await say(line);
        // Refused or put off: what comes next would make no sense.
        if (/^[45]/.test(answer)) break;
      }
      return answer;
    } finally {
      socket.destroy();
    }
  }

  /** Folder of its configuration. */
  get config(): string {
    return join(this.#folder, 'etc');
  }

  /** Messages that were delivered. */
  delivered(): Delivered[] {
    const folder = join(this.#folder, 'mail/inbox/new');
    return existsSync(folder)
      ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
      : [];
  }

  /** The queue as it is shown: "!" marks what is on hold. */
  queue(): string {
    return spawnSync('postqueue', ['-c', join(this.#folder, 'etc'), '-p']).stdout.toString();
  }

  /** Lets everything that is on hold go on. */
  release(): void {
    for (const [command, ...rest] of [
      ['postsuper', '-H', 'ALL'],
      ['postqueue', '-f'],
    ] as const)
      execFileSync(command, ['-c', join(this.#folder, 'etc'), ...rest], { stdio: 'pipe' });
  }

  log(): string {
    return readFileSync(join(this.#folder, 'log'), 'utf8');
  }

  stop(): void {
    spawnSync('postfix', ['-c', join(this.#folder, 'etc'), 'stop'], { stdio: 'pipe' });
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Says a line, and gives the whole answer to it. */
function speaker(socket: Socket): (line: string | null) => Promise<string> {
  let said = '';
  let heard: (() => void) | undefined;
  socket.on('data', (bytes) => {
    said += bytes.toString('latin1');
    heard?.();
  });
  socket.on('close', () => heard?.());
  return async (line) => {
    if (line !== null) socket.write(`${line}\r\n`);
    for (;;) {
      const end = /^\d{3} [^\n]*\n/m.exec(said);
      if (end !== null) {
        const answer = said.slice(0, end.index + end[0].length).trim();
        said = said.slice(end.index + end[0].length);
        return answer;
      }
      if (socket.destroyed) return said;
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
}

/** A port that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
