import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderForTest } from '../testing/folder.ts';
import { type AgentHealth, healthVerdict, keepHealth, readHealth } from './health.ts';

const NOW = Date.UTC(2026, 10, 3, 12);
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

function health(change: Partial<AgentHealth> = {}): AgentHealth {
  return {
    at: NOW - 20_000,
    heard: NOW - 20_000,
    trouble: '',
    point: 'enforcing',
    decided: 3,
    enforced: 3,
    backlog: { lines: 0, bytes: 0 },
    ...change,
  };
}

describe('how an agent is', () => {
  it('is fine while the hub was heard within three minutes, also if it was away before', () => {
    expect(healthVerdict(health(), NOW, DAY).state).toBe('fine');
    expect(healthVerdict(health({ heard: NOW - 3 * MINUTE + 1 }), NOW, DAY).state).toBe('fine');
    expect(healthVerdict(health({ trouble: 'LINK_AWAY' }), NOW, DAY).state).toBe('fine');
  });

  it('waits while the line is away, however long', () => {
    expect(healthVerdict(health({ heard: NOW - 3 * MINUTE }), NOW, DAY).state).toBe('waiting');
    expect(healthVerdict(health({ heard: null, trouble: 'LINK_AWAY' }), NOW, DAY).state).toBe('waiting');
    expect(healthVerdict(health({ heard: NOW - 9 * DAY, trouble: 'LINK_AWAY' }), NOW, DAY).state).toBe(
      'waiting',
    );
  });

  it.each(['LINK_HUB_FALSE', 'LINK_CLOCK', 'LINK_CERTIFICATE_OVER', 'LINK_REVOKED'])(
    'asks for a person at %s, and says the code',
    (trouble) => {
      const { state, why } = healthVerdict(health({ heard: null, trouble }), NOW, DAY);
      expect(state).toBe('call');
      expect(why).toContain(trouble);
      // Right after a start, the clock may still have to be set.
      const early = healthVerdict(health({ heard: null, trouble }), NOW, MINUTE).state;
      expect(early).toBe(trouble === 'LINK_REVOKED' ? 'call' : 'waiting');
    },
  );

  it('asks for a person at a false order, a revocation and a damaged table, though the hub was just heard', () => {
    expect(healthVerdict(health({ trouble: 'LINK_REVOKED' }), NOW, DAY).state).toBe('call');
    expect(healthVerdict(health({ trouble: 'LINK_ORDER_FALSE' }), NOW, DAY).state).toBe('call');
    expect(healthVerdict(health({ point: 'damaged' }), NOW, DAY).state).toBe('call');
  });

  it('asks for a person when the agent has written nothing for three minutes, but not right after a start', () => {
    const old = health({ at: NOW - 3 * MINUTE, heard: NOW - 3 * MINUTE });
    expect(healthVerdict(old, NOW, DAY).state).toBe('call');
    expect(healthVerdict(null, NOW, DAY).state).toBe('call');
    expect(healthVerdict(old, NOW, MINUTE).state).toBe('waiting');
    expect(healthVerdict(null, NOW, MINUTE).state).toBe('waiting');
  });

  it('does not believe what was written in the future', () => {
    expect(healthVerdict(health({ at: NOW + DAY, heard: NOW + DAY }), NOW, DAY).state).toBe('call');
  });

  it('is read as it was written, for its owner alone; what has another form is refused', async () => {
    const folder = folderForTest();
    expect((await readHealth(folder)).okOrThrow()).toBeNull();
    await keepHealth(folder, health());
    expect((await readHealth(folder)).okOrThrow()).toMatchObject(health());
    expect(statSync(join(folder, 'health.json')).mode & 0o077).toBe(0);
    for (const text of ['{}', 'null', '{"schema":"bellwether/agent-health@1"}', '{'] as const) {
      writeFileSync(join(folder, 'health.json'), text);
      expect((await readHealth(folder)).isErr()).toBe(true);
    }
  });
});
