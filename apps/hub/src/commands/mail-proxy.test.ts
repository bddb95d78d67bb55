/** `bellwether mail proxy` as a person types it: what is printed, and the exit code. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { freePort } from '../features/mail/milter/postfix.fixture.ts';
import { talkTo } from '../features/mail/proxy/line.fixture.ts';
import { mailCommand } from './mail.ts';

const folder = mkdtempSync(join(tmpdir(), 'bw-mail-proxy-'));
const office = join(folder, 'office.yaml');
writeFileSync(
  office,
  'own: "29019"\noffices:\n  - { office: "29019", name: Boone County, domains: [boone.example] }\n',
);

afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What it prints, and when it listens. */
function watched(): { out: () => string; trouble: () => string; listens: Promise<void> } {
  let [out, trouble] = ['', ''];
  const listens = new Promise<void>((resolve) => {
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      if (out.includes('listening')) resolve();
      return true;
    });
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    trouble += String(text);
    return true;
  });
  return { out: () => out, trouble: () => trouble, listens };
}

describe('bellwether mail proxy', () => {
  it.each([
    [['--listen', 'somewhere', '--next', '127.0.0.1:1'], 'take HOST:PORT'],
    [['--listen', '127.0.0.1:1'], 'take HOST:PORT'],
    [['--listen', '[::1]:1', '--next', '127.0.0.1:1', '--held', '1'], 'take HOST:PORT'],
    [['--listen', '127.0.0.1:1', '--next', '127.0.0.1:65536'], 'take HOST:PORT'],
    [['--listen', '127.0.0.1:1', '--next', '[::1]:2', '--trust', '10.0.0.0/33'], '--trust takes'],
    [['--listen', '127.0.0.1:1', '--next', '[::1]:2', '--trust', '10.0.0.0/'], '--trust takes'],
    [['--listen', '127.0.0.1:1', '--next', '[::1]:2', '--trust', 'gate.example'], '--trust takes'],
    [['--listen', '127.0.0.1:1', '--next', '[::1]:2'], 'one of --office and --offices'],
  ])('says what is wrong with %j', async (args, what) => {
    const { trouble } = watched();
    expect(await mailCommand(['proxy', ...args])).toBe(2);
    expect(trouble()).toContain(what);
  });

  it('listens until it is told to end, and gives its account', async () => {
    const port = await freePort();
    const { out, trouble, listens } = watched();
    const exit = mailCommand([
      'proxy',
      ...['--offline', '--as-shipped', '--data', folder, '--office', office],
      ...[
        '--listen',
        `127.0.0.1:${port}`,
        '--next',
        `127.0.0.1:${await freePort()}`,
        '--trust',
        '10.0.0.0/8',
      ],
    ]);
    await Promise.race([listens, exit]);
    expect(trouble()).toBe('');
    const talker = await talkTo(port);
    expect(await talker.say('EHLO gate.example')).toMatch(/^421 /);
    process.emit('SIGTERM');
    expect(await exit).toBe(0);
    const account = { received: 0, deliver: 0, banner: 0, hold: 0, block: 0, unchecked: 0, putOff: 0 };
    expect(
      out()
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text)),
    ).toEqual([{ listening: `127.0.0.1:${port}` }, account]);
  });
});
