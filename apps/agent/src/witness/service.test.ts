import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderForTest } from '../testing/folder.ts';

const UNIT = new URL('../../../../deploy/bellwether-witness.service', import.meta.url).pathname;
const HAS_SYSTEMD = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the service of a witness', () => {
  it('is one that systemd understands, where there is systemd, and that is not started again for a stop', () => {
    const text = readFileSync(UNIT, 'utf8');
    expect(text).toMatch(/^RestartPreventExitStatus=2 3$/m);
    expect(text).toMatch(
      /^ExecStart=\/usr\/bin\/node \S+bellwether-agent\.js witness run --state \S+ --hub \S+ --log \S+$/m,
    );
    if (!HAS_SYSTEMD) return;
    // Under a name of its own: the folder of the repository may hold units of the machine's own too.
    const unit = join(folderForTest(), 'bellwether-witness.service');
    copyFileSync(UNIT, unit);
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    // Where Node lies elsewhere, systemd says so, and nothing else.
    const said = stderr
      .split('\n')
      .filter((line) => line.includes('bellwether-witness') && !line.includes('is not executable'));
    expect(said).toEqual([]);
    expect(status === 0 || stderr.includes('is not executable')).toBe(true);
  });
});
