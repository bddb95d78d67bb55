/**
 * Contacts as CSV and as NDJSON with column names of our own, for sensors that are read with a saved column map.
 */
import { Fate } from '../network-events.ts';
import { type NetworkStory, networkThrough, storyOf, wasLetIn } from './network-story.ts';
import { type Desk, oddLines, type Writer } from './writer.ts';

/** Names of the columns, in order. */
export const PLAIN_COLUMNS = [
  'time',
  'source',
  'source_port',
  'destination',
  'destination_port',
  'protocol',
  'action',
  'note',
] as const;

/** The writer of CSV; the note shows that quoted fields may hold commas and quotes. */
export function csvWriter(desk: Desk): Writer {
  const { utc, file } = desk;
  const odd = oddLines(desk, () => file.junk('2026-10-07T05:00:01.000Z,"203.0.113.9'));
  return {
    begin: () => file.ignored(PLAIN_COLUMNS.join(',')),
    write(row) {
      const story = storyOf(desk, row);
      odd(story.time);
      const note = story.detail % 50 === 0 ? '"rule ""edge"", line 7"' : '';
      const when = new Date(utc.milliseconds(story.time)).toISOString();
      file.tell(
        `${when},${story.source},${story.sourcePort},${story.destination},${story.port},${story.protocol},${actionOf(story)},${note}`,
        story.owner,
      );
      networkThrough(desk, row);
    },
  };
}

/** The writer of NDJSON. */
export function ndjsonWriter(desk: Desk): Writer {
  const { utc, file } = desk;
  const odd = oddLines(desk, () => file.junk('{"time":"2026-10-07T05:0'));
  return {
    write(row) {
      const story = storyOf(desk, row);
      odd(story.time);
      const when = new Date(utc.milliseconds(story.time)).toISOString();
      file.tell(
        `{"time":"${when}","source":"${story.source}","source_port":${story.sourcePort},"destination":"${story.destination}","destination_port":${story.port},"protocol":"${story.protocol}","action":"${actionOf(story)}"}`,
        story.owner,
      );
      networkThrough(desk, row);
    },
  };
}

function actionOf(story: NetworkStory): string {
  if (wasLetIn(story.fate)) return 'allow';
  return story.fate === Fate.blocked ? 'block' : 'deny';
}
