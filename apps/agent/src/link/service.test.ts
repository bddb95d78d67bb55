import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderForTest } from '../testing/folder.ts';

const UNIT = new URL('../../../../deploy/bellwether-agent.service', import.meta.url).pathname;
const HAS_SYSTEMD = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the service of an agent', () => {
  it('is one that systemd understands, where there is systemd, and has three rights of root alone', () => {
    const text = readFileSync(UNIT, 'utf8');
    expect(text).toMatch(/^ExecStart=\/usr\/bin\/node \S+bellwether-agent\.js run$/m);
    expect(text).toMatch(/^CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_BIND_SERVICE CAP_DAC_READ_SEARCH$/m);
    if (!HAS_SYSTEMD) return;
    const unit = join(folderForTest(), 'bellwether-agent.service');
    copyFileSync(UNIT, unit);
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    // Where Node lies elsewhere, systemd says so, and nothing else.
    const said = stderr
      .split('\n')
      .filter((line) => line.includes('bellwether-agent') && !line.includes('is not executable'));
    expect(said).toEqual([]);
    expect(status === 0 || stderr.includes('is not executable')).toBe(true);
  });
});
