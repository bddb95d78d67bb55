/**
 * The live database while days pass: the population, and beside it only the rows that changed, with the night from which
 * each version counts. So any night's dump can be read later, and memory grows with the changes, not with the voters.
 */
import type { Random } from '../random.ts';
import { COLUMNS, isLive, type NewValues, type VoterRow, withValues } from './columns.ts';
import type { OfficePlace } from './office-places.ts';
import type { Population } from './population.ts';

/** A row from a night on; undefined is a row that is not there. */
type Version = { readonly night: number; readonly row: VoterRow | undefined };

/** What a night's dump has otherwise than the one before it. */
export type RollsChange = {
  readonly record: string;
  readonly before: VoterRow | undefined;
  readonly after: VoterRow | undefined;
};

/** How often a row is drawn before an office counts as having nobody to change. */
const DRAWS = 60;

/** The database of a run. */
export class RollBook {
  readonly population: Population;
  private readonly versions = new Map<number, Version[]>();
  /** Rows that an attack needs for itself: plain traffic leaves them alone, so that the truth stays clear. */
  private readonly held = new Set<number>();
  private readonly touched = new Set<number>();
  private readonly arrivals = new Map<string, number[]>();
  private next: number;
  private night = 0;
  private liveRows: number;

  constructor(population: Population) {
    this.population = population;
    this.next = population.rows;
    this.liveRows = population.offices.reduce((sum, office) => sum + office.live, 0);
  }

  /** Live registrations now. */
  get live(): number {
    return this.liveRows;
  }

  /** The next day begins; its dump is this night's. */
  nextNight(): void {
    this.night++;
    this.touched.clear();
  }

  /** The row as it is now. */
  row(index: number): VoterRow | undefined {
    const versions = this.versions.get(index);
    if (versions !== undefined) return (versions.at(-1) as Version).row;
    return index < this.population.rows ? this.population.row(index) : undefined;
  }

  /** Sets columns of a row that is there; gives the new row. */
  set(index: number, values: NewValues): VoterRow {
    const row = withValues(this.row(index) as VoterRow, values);
    this.put(index, row);
    return row;
  }

  /** Puts a row where there is none, or another in its place. */
  put(index: number, row: VoterRow): void {
    const before = this.row(index);
    if (before?.lea_id !== row.lea_id) this.enter(index, row.lea_id);
    this.write(index, row, before);
  }

  /** The row is no longer in the database. */
  drop(index: number): void {
    this.write(index, undefined, this.row(index));
  }

  /** A number for a row of somebody new. */
  newIndex(): number {
    return this.next++;
  }

  /** Nobody but the one who asked changes this row from now on. */
  hold(index: number): void {
    this.held.add(index);
  }

  /** Whether an attack holds the row. */
  isHeld(index: number): boolean {
    return this.held.has(index);
  }

  /** A live row of the office that nobody touched today and nobody holds; undefined where none was found. */
  pick(random: Random, office: OfficePlace, wanted: (row: VoterRow) => boolean = isLive): number | undefined {
    const arrivals = this.arrivals.get(office.leaId) ?? [];
    for (let draw = 0; draw < DRAWS; draw++) {
      const at = random.below(office.live + arrivals.length);
      const index = at < office.live ? office.from + at : (arrivals[at - office.live] as number);
      if (this.held.has(index) || this.touched.has(index)) continue;
      const row = this.row(index);
      if (row === undefined || row.lea_id !== office.leaId || !isLive(row) || !wanted(row)) continue;
      return index;
    }
    return undefined;
  }

  /** What this night's dump has otherwise than the last one, in the order of the rows. */
  changes(): readonly RollsChange[] {
    const found: RollsChange[] = [];
    for (const index of [...this.touched].sort((a, b) => a - b)) {
      const before = this.rowAt(index, this.night - 1);
      const after = this.rowAt(index, this.night);
      if (sameRow(before, after)) continue;
      found.push({ record: this.population.voterId(index), before, after });
    }
    return found;
  }

  /** How many row numbers there are by now. */
  get rows(): number {
    return this.next;
  }

  /** Whether anything ever happened to the row. */
  hasChanged(index: number): boolean {
    return this.versions.has(index);
  }

  /** The row in the dump of a night; 0 is before everything. */
  rowAt(index: number, night: number): VoterRow | undefined {
    const versions = this.versions.get(index);
    const found = versions?.findLast((version) => version.night <= night);
    if (found !== undefined) return found.row;
    return index < this.population.rows ? this.population.row(index) : undefined;
  }

  private write(index: number, row: VoterRow | undefined, before: VoterRow | undefined): void {
    this.liveRows +=
      Number(row !== undefined && isLive(row)) - Number(before !== undefined && isLive(before));
    this.touched.add(index);
    const version = { night: this.night, row };
    const versions = this.versions.get(index);
    if (versions === undefined) this.versions.set(index, [version]);
    else if (versions.at(-1)?.night === this.night) versions[versions.length - 1] = version;
    else versions.push(version);
  }

  private enter(index: number, leaId: string): void {
    const there = this.arrivals.get(leaId);
    if (there === undefined) this.arrivals.set(leaId, [index]);
    else there.push(index);
  }
}

/** Whether two rows say the same. */
export function sameRow(one: VoterRow | undefined, other: VoterRow | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return COLUMNS.every((column) => one[column] === other[column]);
}
