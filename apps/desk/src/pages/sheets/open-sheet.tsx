/** On Today of a clerk, before all else: the sheet that waits longest for them. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { may, useMe } from '../../api/me.ts';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { sheetsQuery } from './queries.ts';
import { sheetSentence } from './sentence.ts';
import { SHEETS } from './texts.ts';

const words = SHEETS.first;

/** Nothing for who signs no sheets, and where none waits. Trouble with it is told on its own page, not on Today. */
export function OpenSheet() {
  const me = useMe();
  const { data } = useQuery({ ...sheetsQuery, enabled: may(me, 'rolls.sign') });
  const waiting = (data?.sheets ?? [])
    .filter(({ state, office }) => state === 'awaiting' && may(me, 'rolls.sign', office))
    .sort((a, b) => a.until.localeCompare(b.until));
  const [sheet, ...others] = waiting;
  if (sheet === undefined) return null;
  const { office, day, sequence, until } = sheet;
  return (
    <Panel id="open-sheet" title={words.title}>
      <p className="large">{sheetSentence(sheet, me.person?.grants.length === 1)}</p>
      <p>
        {words.until} <Moment iso={until} />.{others.length > 0 && ` ${words.more(others.length)}`}
      </p>
      <div className="buttons panel__acts">
        <Link
          to="/sheets/$office/$day/$sequence"
          params={{ office, day, sequence: String(sequence) }}
          className="usa-button button-large"
        >
          {words.open}
        </Link>
      </div>
    </Panel>
  );
}
