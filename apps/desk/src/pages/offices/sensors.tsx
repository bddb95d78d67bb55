/** Sensors: whether each is heard, and how much it tells. */
import type { SensorRow } from '@bellwether/api';
import { Moment } from '../../ui/moment.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { OFFICE, OFFICES } from './texts.ts';

const { columns, state: STATES, complete: COMPLETE, unknown } = OFFICE.sensors;

const COLUMNS: readonly Column<SensorRow>[] = [
  { name: columns.sensor, cell: ({ sensor }) => sensor, heads: true },
  {
    name: columns.state,
    cell: ({ state }) => (
      <span
        className={`sign sign--${state === 'heard' ? 'complete' : state === 'silent' ? 'silent' : 'none'}`}
      >
        {STATES[state]}
      </span>
    ),
  },
  { name: columns.complete, cell: ({ completeness }) => COMPLETE[completeness] },
  { name: columns.format, cell: ({ format }) => format ?? unknown },
  { name: columns.way, cell: ({ transport }) => transport },
  {
    name: columns.heard,
    cell: ({ lastHeard }) => (lastHeard === null ? OFFICES.never : <Moment iso={lastHeard} />),
  },
  { name: columns.lines, cell: ({ account }) => count(account.lines), number: true },
  { name: columns.contacts, cell: ({ account }) => count(account.contacts), number: true },
  {
    name: columns.missing,
    cell: ({ missingBatches }) => (missingBatches > 0 ? <strong>{count(missingBatches)}</strong> : '–'),
    number: true,
  },
];

export function SensorsTable({
  caption,
  sensors,
}: {
  readonly caption: string;
  readonly sensors: readonly SensorRow[];
}) {
  return <Table caption={caption} columns={COLUMNS} rows={sensors} keyOf={({ sensor }) => sensor} />;
}
