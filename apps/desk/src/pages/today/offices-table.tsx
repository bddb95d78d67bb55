/** Offices as a table: the twin of the map, and what stands in its place for who has some offices only. */
import type { OfficeOnMap } from '@bellwether/api';
import { Link } from '@tanstack/react-router';
import { Table } from '../../ui/table.tsx';
import { OfficeTag } from '../../ui/tag.tsx';
import { count } from '../../words/formats.ts';
import { TODAY } from './texts.ts';

export function OfficesTable({
  caption,
  offices,
}: {
  readonly caption: string;
  readonly offices: readonly OfficeOnMap[];
}) {
  const { columns } = TODAY.map;
  return (
    <Table
      caption={caption}
      rows={[...offices].sort((a, b) => a.name.localeCompare(b.name))}
      keyOf={({ leaId }) => leaId}
      columns={[
        {
          name: columns.office,
          cell: ({ leaId, name }) => (
            <Link to="/offices/$leaId" params={{ leaId }}>
              {name}
            </Link>
          ),
          heads: true,
        },
        { name: columns.state, cell: ({ state }) => <OfficeTag state={state} /> },
        { name: columns.knocks, cell: ({ knocks }) => count(knocks), number: true },
        { name: columns.through, cell: ({ through }) => count(through), number: true },
        { name: columns.open, cell: ({ unsettled }) => count(unsettled), number: true },
      ]}
    />
  );
}
