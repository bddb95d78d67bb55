/** For tests: a Postfix that hands its mail to a proxy, takes it back on a second port, and keeps on a third what is held. */
import { execFileSync, spawnSync } from 'node:child_process';
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
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../milter/postfix.fixture.ts';

/** Services that it needs to take a message, keep it, and deliver it. */
const SERVICES = `cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;

/** It runs. Ports: `front` for senders, `back` for what the proxy passed on, `held` for what is kept. */
export type PostfixWithProxy = {
  readonly front: number;
  readonly back: number;
  readonly held: number;
  /** Messages that were delivered, with LF as Postfix keeps them. */
  delivered(): string[];
  /** Messages that wait for somebody to release them. */
  heldCount(): number;
  log(): string;
  stop(): void;
};

/** Starts it. `proxyPort`: where its proxy listens, once it does. */
export async function startPostfixWithProxy(proxyPort: number): Promise<PostfixWithProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'bw-postfix-proxy-'));
  const [front, back, held] = [await freePort(), await freePort(), await freePort()];
  const etc = join(folder, 'etc');
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postfix']).toString()));
  chmodSync(folder, 0o755);
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
    // Nothing is added to mail from this computer, so that bytes can be compared.
    local_header_rewrite_clients: '',
    alias_maps: '',
    smtpd_peername_lookup: 'no',
    smtpd_relay_restrictions: 'permit_mynetworks, reject_unauth_destination',
    smtpd_authorized_xclient_hosts: '127.0.0.1',
    smtpd_authorized_xforward_hosts: '127.0.0.1',
    smtpd_client_connection_count_limit: '0',
    smtpd_restriction_classes: 'holding, refusing',
    holding: 'check_client_access static:HOLD',
    refusing: 'check_recipient_access inline:{nobody@office.example=REJECT}',
    virtual_mailbox_domains: 'office.example',
    virtual_mailbox_base: join(folder, 'mail'),
    virtual_mailbox_maps: 'static:inbox/',
    virtual_uid_maps: `static:${uid}`,
    virtual_gid_maps: `static:${gid}`,
    virtual_minimum_uid: '1',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(join(etc, 'main.cf'), lines.join(''));
  const doors = [
    `127.0.0.1:${front} inet n - n - 20 smtpd -o smtpd_proxy_filter=127.0.0.1:${proxyPort}`,
    `127.0.0.1:${back} inet n - n - 30 smtpd -o smtpd_recipient_restrictions=refusing`,
    `127.0.0.1:${held} inet n - n - 10 smtpd -o smtpd_client_restrictions=holding`,
  ];
  writeFileSync(join(etc, 'master.cf'), `${doors.join('\n')}\n${SERVICES}`);
  execFileSync('postfix', ['-c', etc, 'start'], { stdio: 'pipe' });
  return {
    front,
    back,
    held,
    delivered: () => filesIn(join(folder, 'mail/inbox/new')),
    heldCount: () => filesIn(join(folder, 'queue/hold')).length,
    log: () => readFileSync(join(folder, 'log'), 'utf8'),
    stop: () => {
      spawnSync('postfix', ['-c', etc, 'stop'], { stdio: 'pipe' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function filesIn(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    : [];
}
