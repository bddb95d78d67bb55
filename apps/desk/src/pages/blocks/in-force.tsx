/** The blocks that are in force: what, why, until when, and the way to lift one at every office. */
import type { BlockUndone, DecisionRow, DecisionsAnswer } from '@bellwether/api';
import { useMay } from '../../api/me.ts';
import { Act } from '../../ui/act.tsx';
import { LongTable } from '../../ui/long-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Panel } from '../../ui/page.tsx';
import type { Column } from '../../ui/table.tsx';
import { count, errorBound } from '../../words/formats.ts';
import { BlockedAddress } from './exceptions.tsx';
import { isHeldBy } from './held-by.ts';
import { undoBlock } from './queries.ts';
import { BLOCKS } from './texts.ts';

const words = BLOCKS.inForce;

const COLUMNS: readonly Column<DecisionRow>[] = [
  { name: words.columns.value, cell: ({ value }) => <BlockedAddress value={value} />, heads: true },
  {
    name: words.columns.why,
    cell: ({ reason, alpha }) => (
      <>
        {reason}
        <span className="soft under">
          {words.wrong} {errorBound(alpha)}
        </span>
      </>
    ),
    wide: true,
  },
  {
    name: words.columns.covers,
    cell: ({ covers, seen }) => (
      <>
        {words.covers[covers]}
        {seen === 'client' && <span className="soft under">{words.client}</span>}
      </>
    ),
  },
  { name: words.columns.until, cell: ({ until }) => <Moment iso={until} /> },
];

export function InForce({
  answer: { decisions, total },
  onUndone,
}: {
  readonly answer: DecisionsAnswer;
  readonly onUndone: (undone: BlockUndone) => void;
}) {
  const mayUndo = useMay('blocks.undo', 'state');
  return (
    <Panel id="in-force" title={words.title} intro={decisions.length === 0 ? undefined : words.intro}>
      {decisions.length === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <LongTable
          caption={words.title}
          words={words}
          rows={decisions}
          keyOf={({ id }) => String(id)}
          fits={({ value, reason }, typed) =>
            value.includes(typed) || reason.toLowerCase().includes(typed) || isHeldBy(typed, value)
          }
          columns={mayUndo ? [...COLUMNS, undoColumn(onUndone)] : COLUMNS}
        />
      )}
      {decisions.length < total && (
        <p className="panel__more">{words.unlisted(count(decisions.length), count(total))}</p>
      )}
    </Panel>
  );
}

function undoColumn(onUndone: (undone: BlockUndone) => void): Column<DecisionRow> {
  const { undo } = BLOCKS;
  return {
    name: words.columns.undo,
    cell: ({ id, value }) => (
      <Act
        name={undo.name}
        of={value}
        says={undo.says(value)}
        why={undo.why}
        confirm={undo.confirm}
        act={async (why) => onUndone(await undoBlock(id, why))}
        onDone={() => {}}
      />
    ),
  };
}
