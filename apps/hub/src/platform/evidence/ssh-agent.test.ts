import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { checkSignatures, formatNote, parseNote, signText } from '@bellwether/evidence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newFolder, ORIGIN } from './log.fixture.ts';
import { openEvidenceLog } from './log.ts';
import { agentSigner } from './ssh-agent.ts';
import { nodeVerifier } from './verifying.ts';

const folder = newFolder();
const socket = join(folder, 'agent');
const env = { ...process.env, SSH_AUTH_SOCK: socket };
let agent: ChildProcess;
const fingerprints = new Map<string, string>();

beforeAll(async () => {
  agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(agent.stdout!, 'data');
  for (const [name, type] of [
    ['log', 'ed25519'],
    ['other', 'ed25519'],
    ['curve', 'ecdsa'],
  ] as const) {
    const path = join(folder, name);
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', `key of ${name}`, '-f', path]);
    execFileSync('ssh-add', ['-q', path], { env });
    fingerprints.set(name, execFileSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' }).split(' ')[1]!);
  }
});
afterAll(async () => {
  const gone = once(agent, 'exit');
  agent.kill();
  await gone;
});

describe('a key in the agent of OpenSSH', () => {
  it('signs what anybody can check with its public key', async () => {
    const signer = (await agentSigner(socket, fingerprints.get('log')!, ORIGIN)).okOrThrow();
    const [, line] = readFileSync(join(folder, 'log.pub'), 'utf8').split(' ');
    expect(Buffer.from(signer.key.publicKey)).toEqual(Buffer.from(line!, 'base64').subarray(-32));
    const text = 'what is signed\n';
    const note = formatNote({ text, signatures: [await signText(text, 0n, signer)] });
    const checked = await checkSignatures(
      parseNote(Buffer.from(note)).okOrThrow(),
      [signer.key],
      nodeVerifier(),
    );
    expect(checked.isOk()).toBe(true);
  });

  it('signs a log, and is asked for by its fingerprint alone', async () => {
    const at = newFolder();
    const signer = (await agentSigner(socket, fingerprints.get('other')!, ORIGIN)).okOrThrow();
    const options = { folder: join(at, 'log'), privateFolder: join(at, 'private'), origin: ORIGIN, signer };
    const log = (await openEvidenceLog(options)).okOrThrow();
    (await log.appendEntries([Buffer.from('an entry')])).okOrThrow();
    expect(log.newest).toContain(`\n— ${ORIGIN} `);
    await log.close();
  });

  it.each([
    ['that it does not hold', () => `SHA256:${'A'.repeat(43)}`, 'does not hold it'],
    ['of another kind', () => fingerprints.get('curve')!, 'it is no ssh-ed25519 key'],
  ])('is refused: one %s', async (_what, fingerprint, why) => {
    const refused = await agentSigner(socket, fingerprint(), ORIGIN);
    expect(refused.isErr() && [refused.error.code, refused.error.detail]).toEqual([
      'LOG_KEY_UNREADABLE',
      expect.stringContaining(why),
    ]);
  });

  it('is refused where there is no agent', async () => {
    for (const path of [undefined, '', join(folder, 'nobody')]) {
      expect((await agentSigner(path, fingerprints.get('log')!, ORIGIN)).isErr()).toBe(true);
    }
  });
});

describe('an agent that is none', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  /** Says these bytes to whoever connects. */
  async function saying(bytes: Uint8Array): Promise<string> {
    const path = join(folder, `liar-${servers.length}`);
    const server = createServer((connection) => {
      connection.on('error', () => {});
      connection.end(bytes);
    });
    servers.push(server);
    server.listen(path);
    await once(server, 'listening');
    return path;
  }

  it.each([
    ['nothing', [], 'ended the connection'],
    ['half a length', [0, 0], 'ended the connection'],
    ['less than it says', [0, 0, 0, 9, 12, 0], 'ended the connection'],
    ['more than it says', [0, 0, 0, 1, 5, 5], 'answered 1 bytes'],
    ['an empty message', [0, 0, 0, 0], 'answered 0 bytes'],
    ['a huge message', [255, 255, 255, 255, 12], 'answered 4294967295 bytes'],
    ['that it refuses', [0, 0, 0, 1, 5], 'refused'],
    ['another message', [0, 0, 0, 1, 6], 'message 6'],
    ['more keys than it may', [0, 0, 0, 5, 12, 255, 255, 255, 255], 'holds 4294967295 keys'],
    ['a key longer than the message', [0, 0, 0, 9, 12, 0, 0, 0, 1, 0, 0, 0, 9], 'cut off'],
    ['something behind the keys', [0, 0, 0, 6, 12, 0, 0, 0, 0, 1], 'more than it should'],
  ])('is refused: it says %s', async (_what, bytes, why) => {
    const refused = await agentSigner(await saying(Uint8Array.from(bytes)), fingerprints.get('log')!, ORIGIN);
    expect(refused.isErr() && refused.error.detail).toContain(why);
  });

  it('is refused: it signs with another key than it is asked for', async () => {
    // It lists the key of the log, and signs with the other one: what an agent that was taken over could do.
    const blob = (name: string): Buffer =>
      Buffer.from(readFileSync(join(folder, `${name}.pub`), 'utf8').split(' ')[1]!, 'base64');
    const path = join(folder, 'swapped');
    const server = createServer((connection) => {
      const real = connect(socket);
      connection.on('error', () => real.destroy());
      connection.on('close', () => real.destroy());
      connection.on('data', (request) => {
        const at = request.indexOf(blob('log'));
        if (at >= 0) blob('other').copy(request, at);
        real.write(request);
      });
      real.on('data', (answer) => connection.write(answer));
    });
    servers.push(server);
    server.listen(path);
    await once(server, 'listening');
    const signer = (await agentSigner(path, fingerprints.get('log')!, ORIGIN)).okOrThrow();
    await expect(signer.sign(Buffer.from('a text'))).rejects.toThrow('signed something else');
  });
});
