/** What is kept from people: what it is, for whom, why, and the button that lets it go. */
import type { KeptMail, KeptMailAnswer } from '@bellwether/api';
import { Link } from '@tanstack/react-router';
import { may, useMe } from '../../api/me.ts';
import { Act } from '../../ui/act.tsx';
import { useDone } from '../../ui/done.tsx';
import { LongTable } from '../../ui/long-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import { releaseMail } from './queries.ts';
import { MAIL } from './texts.ts';

const words = MAIL.kept;

export function Kept({
  kept: { messages },
  onDone,
}: {
  readonly kept: KeptMailAnswer;
  readonly onDone: () => void;
}) {
  const [notice, say] = useDone();
  return (
    <Panel id="kept" title={words.title} intro={words.intro}>
      {notice}
      {messages.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <LongTable
          caption={words.title}
          words={words}
          rows={messages}
          keyOf={({ id }) => String(id)}
          fits={({ from, fromName, subject, officeName, to }, typed) =>
            [from, fromName, subject, officeName, ...to].some((text) => text.toLowerCase().includes(typed))
          }
          columns={[
            { name: words.columns.message, cell: (row) => <What message={row} />, heads: true },
            {
              name: words.columns.office,
              cell: ({ officeName, to }) => (
                <>
                  {officeName}
                  <span className="soft under">{to.join(', ')}</span>
                </>
              ),
            },
            { name: words.columns.why, cell: (row) => <Why message={row} />, wide: true },
            { name: words.columns.state, cell: (row) => <Now message={row} /> },
            {
              name: words.columns.act,
              cell: (row) => (
                <Release
                  message={row}
                  onDone={() => {
                    say(MAIL.release.done);
                    onDone();
                  }}
                />
              ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

function What({ message: { id, subject, from, fromName, at } }: { readonly message: KeptMail }) {
  return (
    <>
      <Link to="/mail/kept/$id" params={{ id: String(id) }}>
        {subject === '' ? words.noSubject : subject}
      </Link>
      <span className="soft under">
        {fromName === '' ? from : `${fromName} <${from}>`}, <Moment iso={at} />
      </span>
    </>
  );
}

/** The first reason; the page of the message has all. */
function Why({ message: { reasons, exposed } }: { readonly message: KeptMail }) {
  return (
    <>
      {reasons[0]?.text ?? words.noReason}
      {exposed > 0 && <span className="soft under">{words.lay(exposed)}</span>}
    </>
  );
}

export function Now({ message: { state, trouble, released } }: { readonly message: KeptMail }) {
  return (
    <>
      {words.states[state]}
      {released !== null && (
        <span className="soft under">
          {released.by}: {released.why}
        </span>
      )}
      {trouble !== null && <span className="soft under">{words.trouble(trouble)}</span>}
    </>
  );
}

export function Release({ message, onDone }: { readonly message: KeptMail; readonly onDone: () => void }) {
  const me = useMe();
  const { id, state, subject, office } = message;
  if (state !== 'held' || !may(me, 'mail.release', office)) return null;
  const { name, says, why, confirm } = MAIL.release;
  return (
    <Act
      name={name}
      of={subject === '' ? words.noSubject : subject}
      says={says}
      why={why}
      confirm={confirm}
      act={(reason) => releaseMail(id, reason)}
      onDone={onDone}
    />
  );
}
