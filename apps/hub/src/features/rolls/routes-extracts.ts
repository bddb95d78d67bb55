/** Lists that were made of the roll, poll books and public lists, and how they differ from it. */
import { ExtractsAnswer } from '@bellwether/api';
import { problems, type Routes } from '../../platform/http/app.ts';
import { contains } from '../../platform/http/door.ts';
import { READING } from './answering.ts';
import type { RollsDependencies } from './dependencies.ts';
import { type ExtractReading, extractReadings } from './extract-reading.ts';
import { officeOfPlace } from './roll-incidents.ts';

/** Lists in one answer: an election has one for each precinct of an office, and its offices look at the newest. */
const MOST_SHOWN = 200;

/** Rows that differ, of one list: whoever mends it gets all of them from `bellwether rolls extract`. */
const MOST_DIFFERENCES_SHOWN = 100;

/** Makes them. */
export function extractRoutes({ rolls, names }: RollsDependencies): Routes {
  return (app) => {
    app.get(
      '/rolls/extracts',
      {
        config: { right: { verb: 'rolls.read', of: 'reach' } },
        schema: {
          summary: 'Poll books and public lists that were compared with the roll, newest first',
          tags: ['rolls'],
          response: { 200: ExtractsAnswer, ...problems(...READING) },
        },
      },
      async ({ reach }) => {
        const held = rolls()?.held;
        if (held === undefined) return { extracts: [] };
        const nameOf = await names();
        const readings = await extractReadings(held.paths);
        return {
          extracts: readings
            .filter(({ place }) => contains(reach, officeOfPlace(place)))
            .reverse()
            .slice(0, MOST_SHOWN)
            .map((reading) => rowOf(reading, nameOf)),
        };
      },
    );
  };
}

function rowOf(
  reading: ExtractReading,
  nameOf: (place: string) => string,
): ExtractsAnswer['extracts'][number] {
  const { id, kind, place, at, epoch, read, records, differences, state, because, index } = reading;
  const office = officeOfPlace(place);
  const countOf = (what: string): number => differences.filter((one) => one.kind === what).length;
  return {
    ...{ id, kind, office, name: nameOf(office), precinct: place.slice(office.length + 1) || null },
    ...{ at, epoch, rows: read, registrations: records },
    ...{ missing: countOf('missing'), different: countOf('different') },
    ...{ extra: countOf('extra'), twice: countOf('twice') },
    ...{ state, because, entry: index },
    differences: differences
      .slice(0, MOST_DIFFERENCES_SHOWN)
      .map((one) => ({ ...one, fields: [...one.fields] })),
  };
}
