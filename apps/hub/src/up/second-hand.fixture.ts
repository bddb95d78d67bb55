/** For tests of the second hand: a made-up state after its first sealed night, with the database that a hub of it would have. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { NightsOfTest } from '../features/rolls/nights.fixture.ts';
import { openFolder } from '../platform/folder.ts';
import { type Database, openDatabase } from '../platform/postgres/database.ts';
import { migrate } from '../platform/postgres/migrations.ts';
import { type PostgresServer, startPostgres } from '../platform/postgres/server.ts';

/** An office of the state, and its records that may be opened. */
export type OfficeOfTest = { readonly office: string; readonly records: readonly string[] };

/** The state. What it has is there once the tests run. */
export class SealedNight {
  readonly state = new NightsOfTest({ voters: 300, days: 1, seed: 7 });
  /** The office with the most voters, and another one with several. */
  offices!: readonly [OfficeOfTest, OfficeOfTest];
  database!: Database;

  constructor() {
    const { state } = this;
    let server: PostgresServer | undefined;
    beforeAll(async () => {
      // PostgreSQL runs as a user of its own, who has to get through it.
      chmodSync(state.folder, 0o711);
      server = (await startPostgres({ folder: openFolder(state.data).okOrThrow() })).okOrThrow();
      (await migrate(server.connection)).okOrThrow();
      this.database = openDatabase(server.connection);
      (await state.begin()).okOrThrow();
      await state.capture(1);
      await state.signAll(1);
      // Something was published before the night: it is what records are drawn with.
      const newest = await state.withLog(async (log) => log.newest!);
      writeFileSync(join(state.paths.log, 'checkpoint'), newest);
      (await state.reconcile(1)).okOrThrow();
      await state.seal(1);
      const offices = new Map<string, string[]>();
      // By the rows themselves, not by what the hub makes of them: voters who are on the list, and not protected.
      for (const line of readFileSync(state.dump(1), 'utf8').split('\r\n').slice(1)) {
        const [record, office, status] = line.split(',');
        if (!['active', 'inactive'].includes(status!) || line.endsWith(',Y')) continue;
        offices.set(office!, [...(offices.get(office!) ?? []), record!]);
      }
      const [most, next] = [...offices].sort(([, a], [, b]) => b.length - a.length);
      this.offices = [officeOf(most!), officeOf(next!)];
    });
    afterAll(async () => {
      await this.database.close();
      await server?.stop();
    });
  }

  /** Rows of the database after the night, as somebody else might have them: a path. `lines`: without the head, changed at will. */
  rows(name: string, change: (lines: readonly string[]) => readonly string[] = (lines) => lines): string {
    const [head, ...lines] = readFileSync(this.state.dump(1), 'utf8').split('\r\n');
    const path = this.state.file(name);
    writeFileSync(path, [head, ...change(lines)].join('\r\n'));
    return path;
  }
}

function officeOf([office, records]: readonly [string, readonly string[]]): OfficeOfTest {
  return { office, records };
}
