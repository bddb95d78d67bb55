/** A table that becomes a stack of cards on a narrow screen; each cell then carries the name of its column. */
import type { ReactNode } from 'react';

/** One column: its name, what stands in it, and whether it holds numbers. */
export type Column<Row> = {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  readonly number?: boolean;
  /** The cell that names the row: at most one column. */
  readonly heads?: boolean;
  readonly wide?: boolean;
};

export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
  shown = false,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Whether the caption is for eyes, too. */
  readonly shown?: boolean;
}) {
  return (
    <table className="rows">
      <caption className={shown ? 'rows__caption' : 'unseen'}>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, number }) => (
            <th key={name} scope="col" className={number === true ? 'number' : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ name, cell, number, heads, wide }) => {
              const classes = [number === true ? 'number' : '', wide === true ? 'wide-cell' : '']
                .join(' ')
                .trim();
              const className = classes === '' ? undefined : classes;
              const Cell = heads === true ? 'th' : 'td';
              return (
                <Cell
                  key={name}
                  scope={heads === true ? 'row' : undefined}
                  data-label={name}
                  className={className}
                >
                  <span className="rows__value">{cell(row)}</span>
                </Cell>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The table twin of a drawing, closed until it is asked for. */
export function Twin({
  children,
  label = 'Show as table',
}: {
  readonly children: ReactNode;
  readonly label?: string;
}) {
  return (
    <details className="twin">
      <summary>{label}</summary>
      <div className="twin__body">{children}</div>
    </details>
  );
}
