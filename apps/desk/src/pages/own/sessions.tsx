/** Where somebody is signed in: each place, which one is this, and an end for each and for all. */
import type { OwnSession } from '@bellwether/api';
import { useMe } from '../../api/me.ts';
import { Act } from '../../ui/act.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { browserName } from './browser.ts';
import { endSession, signOutEverywhere } from './queries.ts';
import { OWN } from './texts.ts';

const words = OWN.sessions;

export function Sessions({
  sessions,
  onDone,
  onOut,
}: {
  readonly sessions: readonly OwnSession[];
  readonly onDone: (text: string) => void;
  /** Signed out, here too. */
  readonly onOut: () => void;
}) {
  const { directories } = useMe();
  const wayOf = (how: string) => {
    if (how === 'passkey') return words.passkey;
    const name = how.replace(/^oidc:/, '');
    return words.directory(directories.find((directory) => directory.name === name)?.title ?? name);
  };
  const inOrder = [...sessions].sort(
    (a, b) => Number(b.here) - Number(a.here) || b.seen.localeCompare(a.seen),
  );
  return (
    <Panel id="sessions" title={words.title} intro={words.intro}>
      <Table
        caption={words.title}
        rows={inOrder}
        keyOf={({ session }) => session}
        columns={[
          { name: words.columns.browser, cell: ({ browser }) => browserName(browser), heads: true },
          { name: words.columns.how, cell: ({ how }) => wayOf(how) },
          {
            name: words.columns.network,
            cell: ({ network }) =>
              network === 'loopback' ? words.loopback : <span className="address">{network}</span>,
          },
          { name: words.columns.begun, cell: ({ begun }) => <Moment iso={begun} /> },
          { name: words.columns.seen, cell: ({ seen }) => <Moment iso={seen} /> },
          {
            name: words.columns.end,
            cell: ({ session, here, browser }) =>
              here ? (
                <span className="sign sign--complete">{words.here}</span>
              ) : (
                <Act
                  name={words.end}
                  of={browserName(browser)}
                  says={words.endSays(browserName(browser))}
                  confirm={words.endConfirm}
                  act={() => endSession(session)}
                  onDone={() => onDone(words.ended(browserName(browser)))}
                />
              ),
          },
        ]}
      />
      <div className="buttons panel__acts">
        <Act
          name={words.everywhere}
          of={words.everywhereOf}
          says={words.everywhereSays}
          confirm={words.everywhereConfirm}
          act={signOutEverywhere}
          onDone={onOut}
        />
      </div>
    </Panel>
  );
}
