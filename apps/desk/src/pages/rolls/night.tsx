/** One night: its numbers, the offices, and for those entitled each registration that differs. */
import type { NightAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMay } from '../../api/me.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { OfficeName } from '../../ui/office-name.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { count } from '../../words/formats.ts';
import { proofAddress } from '../log/queries.ts';
import { fieldName } from '../sheets/field-names.ts';
import { dayName } from './day-name.ts';
import { nightQuery } from './queries.ts';
import { ROLLS } from './texts.ts';
import { NightFigures } from './tonight.tsx';

const route = getRouteApi('/rolls/$epoch');
const words = ROLLS.night;

export function Night() {
  const { epoch } = route.useParams();
  return (
    <Loaded title={ROLLS.title} query={useQuery(nightQuery(epoch))}>
      {(answer) => <Told answer={answer} />}
    </Loaded>
  );
}

function Told({ answer: { night, offices, unauthorised, undone } }: { readonly answer: NightAnswer }) {
  const seesLog = useMay('evidence.read');
  return (
    <>
      <PageHead
        title={words.title(dayName(night.day))}
        above={
          <p>
            <Link to="/rolls">{words.all}</Link>
          </p>
        }
      />
      <NightFigures night={night} />
      <dl className="facts">
        <div>
          <dt>{words.sealed}</dt>
          <dd>
            <Moment iso={night.at} how="full" />
          </dd>
        </div>
        <div>
          <dt>{words.entry}</dt>
          <dd>{night.entry}</dd>
        </div>
        <div>
          <dt>{words.words}</dt>
          <dd>{night.words.join(' ')}</dd>
        </div>
      </dl>
      {seesLog && (
        <p className="unprinted">
          <a href={proofAddress(night.entry)} download>
            {words.proof}
          </a>
        </p>
      )}
      <Differing unauthorised={unauthorised} all={night.unauthorised} />
      <ChangedBack undone={undone} />
      <Panel id="offices" title={words.offices}>
        {offices.length === 0 ? (
          <p className="nothing">{words.noOffices}</p>
        ) : (
          <Table
            caption={words.offices}
            rows={offices}
            keyOf={({ office }) => office}
            columns={[
              { name: words.columns.office, cell: ({ name }) => name, heads: true },
              { name: words.columns.changed, cell: ({ changed }) => count(changed), number: true },
              {
                name: words.columns.unauthorised,
                cell: ({ unauthorised: of }) => (of > 0 ? <strong>{count(of)}</strong> : '–'),
                number: true,
              },
            ]}
          />
        )}
      </Panel>
    </>
  );
}

function Differing({ unauthorised, all }: Pick<NightAnswer, 'unauthorised'> & { readonly all: number }) {
  const hidden = all - unauthorised.length;
  return (
    <Panel
      id="differs"
      title={words.differs}
      intro={unauthorised.length === 0 ? undefined : words.differsIntro}
    >
      {unauthorised.length === 0 ? (
        <p className="nothing">{words.noneDiffers}</p>
      ) : (
        <Table
          caption={words.differs}
          rows={unauthorised}
          keyOf={({ handle, recordId, kind }) => `${handle} ${recordId} ${kind}`}
          columns={[
            { name: words.columns.record, cell: ({ recordId }) => recordId, heads: true },
            { name: words.columns.office, cell: ({ office }) => <OfficeName of={office} /> },
            { name: words.columns.kind, cell: ({ kind }) => words.kinds[kind] },
            {
              name: words.columns.fields,
              cell: ({ fields }) => (fields.length === 0 ? words.noFields : fields.map(fieldName).join(', ')),
            },
          ]}
        />
      )}
      {hidden > 0 && <p className="panel__intro">{words.hidden(hidden)}</p>}
    </Panel>
  );
}

/** What came and went between two nights. */
function ChangedBack({ undone }: Pick<NightAnswer, 'undone'>) {
  const records = undone?.records ?? [];
  const hidden = (undone?.all ?? 0) - records.length;
  return (
    <Panel id="undone" title={words.undone} intro={records.length === 0 ? undefined : words.undoneIntro}>
      {records.length === 0 ? (
        <p className="nothing">{undone === null ? words.undoneUnknown : words.undoneNone}</p>
      ) : (
        <Table
          caption={words.undone}
          rows={records}
          keyOf={({ recordId }) => recordId}
          columns={[
            { name: words.columns.record, cell: ({ recordId }) => recordId, heads: true },
            { name: words.columns.office, cell: ({ office }) => <OfficeName of={office} /> },
            { name: words.columns.fields, cell: ({ fields }) => fields.map(fieldsTold).join(', ') },
            {
              name: words.columns.times,
              cell: ({ times }) =>
                times.map((time, at) => (
                  <span key={time}>
                    {at > 0 && ', '}
                    <Moment iso={time} how="short" />
                  </span>
                )),
            },
            { name: words.columns.by, cell: ({ by }) => by.map(handTold).join('; ') || words.undoneNobody },
          ]}
        />
      )}
      {hidden > 0 && <p className="panel__intro">{words.undoneHidden(hidden)}</p>}
    </Panel>
  );
}

/** As the vendor names them. */
function handTold({
  clerk,
  device,
}: NonNullable<NightAnswer['undone']>['records'][number]['by'][number]): string {
  return [clerk, device].filter((name) => name !== null).join(', ');
}

/** `record`: all of it came and went. */
function fieldsTold(field: string): string {
  return field === 'record' ? words.noFields : fieldName(field);
}
