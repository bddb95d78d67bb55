/** One's own passkeys: what they are, adding one on this device, removing one. */
import type { PasskeyRow } from '@bellwether/api';
import { Act } from '../../ui/act.tsx';
import { Moment } from '../../ui/moment.tsx';
import { NameForm } from '../../ui/name-form.tsx';
import { Panel } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { addPasskey, removePasskey } from './queries.ts';
import { OWN } from './texts.ts';

export function Devices({
  passkeys,
  onDone,
}: {
  readonly passkeys: readonly PasskeyRow[];
  readonly onDone: (text: string) => void;
}) {
  const words = OWN.devices;
  return (
    <Panel id="passkeys" title={words.title} intro={words.intro}>
      {passkeys.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <Table
          caption={words.title}
          rows={passkeys}
          keyOf={({ id }) => id}
          columns={[
            { name: words.columns.name, cell: ({ name }) => name, heads: true },
            { name: words.columns.site, cell: ({ site }) => site },
            { name: words.columns.kept, cell: ({ backedUp }) => (backedUp ? words.cloud : words.here) },
            { name: words.columns.added, cell: ({ added }) => <Moment iso={added} /> },
            {
              name: words.columns.used,
              cell: ({ used }) => (used === null ? words.never : <Moment iso={used} />),
            },
            {
              name: words.columns.remove,
              cell: ({ id, name }) =>
                passkeys.length === 1 ? (
                  <span className="soft">{words.last}</span>
                ) : (
                  <Act
                    name={words.remove}
                    of={name}
                    says={words.removeSays(name)}
                    confirm={words.removeConfirm}
                    act={() => removePasskey(id)}
                    onDone={() => onDone(words.removed(name))}
                  />
                ),
            },
          ]}
        />
      )}
      {passkeys.length > 0 && (
        <NameForm words={OWN.add} act={addPasskey} onDone={(name) => onDone(OWN.add.done(name))}>
          <h3>{OWN.add.title}</h3>
          <p>{OWN.add.text}</p>
        </NameForm>
      )}
    </Panel>
  );
}
