/** The machine, as it has to be known to read a figure. */
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** One line: processor, cores, memory, kernel, Node. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const mhz = /^cpu MHz\s*:\s*([\d.]+)/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
  const cache = /^cache size\s*:\s*(.+)/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
  return [
    `${cpu?.model.trim() ?? 'unknown processor'} at ${Math.round(Number(mhz))} MHz, ${cache} of cache`,
    `${cpus().length} cores`,
    `${Math.round(totalmem() / 1e9)} GB`,
    `Linux ${release()}`,
    `Node ${process.versions.node}`,
  ].join(', ');
}

/** Runnable processes beside ours a moment ago; above 0.5 the figures are of a machine that is busy elsewhere. */
export function loadBefore(): number {
  return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
}
