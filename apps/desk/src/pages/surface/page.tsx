/** Surface: questions first, then what is listed, then the text itself. */
import type { SurfaceAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { surfaceQuery } from '../../api/queries.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { Question } from './question.tsx';
import { SurfaceText } from './text.tsx';
import { SURFACE } from './texts.ts';

type Service = SurfaceAnswer['services'][number];

const { columns, audience: AUDIENCES, any } = SURFACE.services;

const COLUMNS: readonly Column<Service>[] = [
  { name: columns.name, cell: ({ name }) => name, heads: true },
  { name: columns.audience, cell: ({ audience }) => AUDIENCES[audience] ?? audience },
  {
    name: columns.addresses,
    cell: ({ addresses }) => (
      <span className="address">{addresses.length === 0 ? any : addresses.join(', ')}</span>
    ),
  },
  { name: columns.ports, cell: ({ ports }) => (ports === '' ? any : ports) },
];

export function Surface() {
  return (
    <Loaded title={SURFACE.title} query={useQuery(surfaceQuery)}>
      {(surface) => (
        <>
          <PageHead title={SURFACE.title}>
            <p>{SURFACE.intro}</p>
          </PageHead>
          <Questions questions={surface.questions} />
          <Panel id="services" title={SURFACE.services.title}>
            {surface.services.length === 0 ? (
              <p className="nothing">{SURFACE.services.none}</p>
            ) : (
              <Table
                caption={SURFACE.services.title}
                columns={COLUMNS}
                rows={surface.services}
                keyOf={({ name }) => name}
              />
            )}
          </Panel>
          <SurfaceText surface={surface} />
        </>
      )}
    </Loaded>
  );
}

function Questions({ questions }: { readonly questions: SurfaceAnswer['questions'] }) {
  const words = SURFACE.questions;
  return (
    <Panel
      id="questions"
      title={words.title}
      intro={questions.length === 0 ? undefined : words.intro}
      aside={questions.length > 0 && <p className="count-mark">{count(questions.length)}</p>}
    >
      {questions.length === 0 ? (
        <div className="nothing">
          <p className="strong">{words.none}</p>
          <p>{words.noneNote}</p>
        </div>
      ) : (
        <ul className="cards cards--wide">
          {questions.map((question) => (
            <li key={question.key}>
              <Question question={question} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
