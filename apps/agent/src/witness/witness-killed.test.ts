/** The bundled program, killed at random moments while logs lie to it. */
import { once } from 'node:events';
import {
  type Checkpoint,
  checkSignatures,
  encodeText,
  parseCheckpoint,
  parseNote,
  parseSignatures,
} from '@bellwether/evidence';
import { describe, expect, it } from 'vitest';
import { agent, listening, newWitness, verifier } from '../testing/agent-process.ts';
import { hexOfOrigin, SmallLog } from '../testing/small-log.ts';

/** Rounds in which the process is killed. */
const KILLS = Number(process.env.BELLWETHER_KILLS ?? 15);

describe('bellwether-agent witness', () => {
  it(`never signs two things of one size, though it is killed ${KILLS} times while it is lied to`, async () => {
    const { state, key } = newWitness();
    const signed = new Map<string, string>();
    /** Every log that was ever shown, by its root: the witness tells which one it has taken. */
    const shown = new Map<string, readonly string[]>();
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, address } = await listening(state);
      const gone = once(child, 'exit');
      // Half of them are killed while they answer the first request or before it, the others some time after an answer.
      let isCounting = kill % 2 === 1;
      const countDown = (): void => void setTimeout(() => child.kill('SIGKILL'), (kill * 7) % 60);
      if (isCounting) countDown();
      for (let known = await seenBy(address); known !== undefined; known = await seenBy(address)) {
        const entries = known === null ? [] : shown.get(Buffer.from(known.root).toString('hex'))!;
        // No round has an entry of another one: what was forgotten would be signed otherwise.
        const forks = ['a', 'b', 'c'].map((fork) => [...entries, `${fork} ${kill}`]);
        await Promise.all(
          forks.map(async (fork) => {
            const log = new SmallLog(fork);
            const root = Buffer.from(log.root).toString('hex');
            shown.set(root, fork);
            const answer = await post(address, await log.request(entries.length));
            if (answer?.status !== 200) return;
            const { text } = parseNote(encodeText(await log.note())).okOrThrow();
            const signatures = parseSignatures(answer.body).okOrThrow();
            expect((await checkSignatures({ text, signatures }, [key], verifier)).isOk()).toBe(true);
            expect(signed.get(`${log.size}`) ?? root).toBe(root);
            signed.set(`${log.size}`, root);
            if (!isCounting) countDown();
            isCounting = true;
          }),
        );
      }
      await gone;
    }
    // What it remembers in the end is a log that holds everything that it ever gave away.
    const told = JSON.parse(agent('status', '--state', state, '--json').stdout) as {
      logs: readonly { size: string }[];
    };
    expect(signed.size).toBeGreaterThanOrEqual(KILLS / 2);
    expect(Number(told.logs[0]!.size)).toBeGreaterThanOrEqual(Math.max(...[...signed.keys()].map(Number)));
  });
});

async function post(
  address: string,
  body: Uint8Array,
): Promise<{ status: number; body: string } | undefined> {
  try {
    const answer = await fetch(`${address}/add-checkpoint`, { method: 'POST', body: Buffer.from(body) });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return undefined;
  }
}

/** What the witness has cosigned last: null for nothing yet, undefined where it is gone. */
async function seenBy(address: string): Promise<Checkpoint | null | undefined> {
  try {
    const answer = await fetch(`${address}/${hexOfOrigin()}/checkpoint`);
    if (answer.status === 404) return null;
    const note = parseNote(new Uint8Array(await answer.arrayBuffer())).okOrThrow();
    return parseCheckpoint(note.text).okOrThrow();
  } catch {
    return undefined;
  }
}
