/** How many datagrams Linux dropped before we read them: the last column of /proc/net/udp and udp6 (proc(5)). */
import { readFile } from 'node:fs/promises';

const TABLES = ['/proc/net/udp', '/proc/net/udp6'];

/** Columns, from 0. */
const LOCAL = 1;
const DROPS = 12;

/** Datagrams dropped at a port since it was opened; 0 where the system does not tell. */
export async function droppedAt(port: number): Promise<number> {
  let dropped = 0;
  for (const table of TABLES) dropped += dropsIn(await readFile(table, 'latin1').catch(() => ''), port);
  return dropped;
}

/** The sum of the drops of a port in one table. */
export function dropsIn(table: string, port: number): number {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[LOCAL]?.endsWith(ending) === true)
    .reduce((sum, columns) => sum + (Number(columns[DROPS]) || 0), 0);
}
