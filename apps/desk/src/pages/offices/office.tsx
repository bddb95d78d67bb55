/** One office: its sensors, its account, what needs a person there, and how to connect a sensor. */
import type { AccountCounts, OfficeAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { may, useMay, useMe } from '../../api/me.ts';
import { officeQuery } from '../../api/queries.ts';
import { officesOf } from '../../frame/pages.ts';
import { Copy } from '../../ui/copy.tsx';
import { IncidentCard } from '../../ui/incident.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { DispositionTag, OfficeTag } from '../../ui/tag.tsx';
import { DISPOSITIONS } from '../../words/dispositions.ts';
import { count } from '../../words/formats.ts';
import { useOfficeNames } from '../../words/office-names.ts';
import { runBy } from '../../words/offices.ts';
import { KeysSection } from '../keys/section.tsx';
import { curlLines, hubLines, rsyslogLines } from './connect.ts';
import { SensorsTable } from './sensors.tsx';
import { OFFICE } from './texts.ts';

const route = getRouteApi('/offices/$leaId');

export function Office() {
  const { leaId } = route.useParams();
  const name = useOfficeNames().get(leaId);
  return (
    <Loaded title={name ?? OFFICE.numbered(leaId)} query={useQuery(officeQuery(leaId))}>
      {(answer) => <About answer={answer} />}
    </Loaded>
  );
}

function About({ answer: { office, account, incidents } }: { readonly answer: OfficeAnswer }) {
  const offices = officesOf(useMe());
  const mayConnect = useMay('keys.read', office.leaId);
  return (
    <>
      <PageHead
        title={office.name}
        above={
          offices.length !== 1 && (
            <p>
              <Link to="/offices">‹ {offices === 'all' ? OFFICE.back : OFFICE.backToMine}</Link>
            </p>
          )
        }
      >
        <p>
          <OfficeTag state={office.state} /> {OFFICE.about(runBy(office.kind), count(office.registered))}
        </p>
        <Beside leaId={office.leaId} />
      </PageHead>
      <Panel id="sensors" title={OFFICE.sensors.title}>
        {office.sensors.length === 0 ? (
          <p className="nothing">{OFFICE.sensors.none}</p>
        ) : (
          <SensorsTable caption={OFFICE.sensors.title} sensors={office.sensors} />
        )}
      </Panel>
      <div className="pair">
        <Panel id="incidents" title={OFFICE.incidents.title}>
          {incidents.length === 0 ? (
            <p className="nothing">{OFFICE.incidents.none}</p>
          ) : (
            <ul className="cards">
              {incidents.map((incident) => (
                <li key={incident.id}>
                  <IncidentCard incident={incident} />
                </li>
              ))}
            </ul>
          )}
        </Panel>
        <OfficeAccount account={account} />
      </div>
      <KeysSection place={office.leaId} />
      {mayConnect && <Connect leaId={office.leaId} />}
    </>
  );
}

/** Other pages about the office, as far as one may see them. */
function Beside({ leaId }: { readonly leaId: string }) {
  const me = useMe();
  const { beside } = OFFICE;
  return (
    <ul className="beside" aria-label={beside.label}>
      {may(me, 'people.read', leaId) && (
        <li>
          <Link to="/people/$place" params={{ place: leaId }}>
            {beside.people}
          </Link>
        </li>
      )}
      {may(me, 'visits.read', leaId) && (
        <li>
          <Link to="/visits" search={{ place: leaId }}>
            {beside.visits}
          </Link>
        </li>
      )}
    </ul>
  );
}

function OfficeAccount({ account }: { readonly account: AccountCounts }) {
  const words = OFFICE.account;
  return (
    <Panel
      id="account"
      title={words.title}
      aside={
        account.lines > 0 && (
          <p className={account.balanced ? 'verdict verdict--good' : 'verdict verdict--bad'}>
            {account.balanced ? words.right : words.wrong}
          </p>
        )
      }
    >
      {account.lines === 0 ? (
        <p className="nothing">{words.none}</p>
      ) : (
        <>
          <p>{words.line(count(account.lines), count(account.contacts), count(account.knocks))}</p>
          <Table
            caption={words.title}
            rows={DISPOSITIONS}
            keyOf={(name) => name}
            columns={[
              {
                name: words.columns.part,
                cell: (name) => <DispositionTag disposition={name} />,
                heads: true,
              },
              { name: words.columns.number, cell: (name) => count(account.dispositions[name]), number: true },
            ]}
          />
        </>
      )}
    </Panel>
  );
}

function Connect({ leaId }: { readonly leaId: string }) {
  const words = OFFICE.connect;
  const { origin, hostname } = window.location;
  return (
    <Panel id="connect" title={words.title} intro={words.intro}>
      <h3>{words.curlTitle}</h3>
      <p>{words.curl}</p>
      <Copy label={words.region(words.curlTitle)} text={curlLines(leaId, origin)} />
      <h3>{words.rsyslogTitle}</h3>
      <p>{words.rsyslog}</p>
      <Copy label={words.region(words.rsyslogTitle)} text={rsyslogLines(leaId, hostname)} />
      <p>
        <span className="strong">{words.hubTitle}. </span>
        {words.hub}
      </p>
      <Copy label={words.region(words.hubTitle)} text={hubLines(leaId)} />
      <h3>{words.deviceTitle}</h3>
      <p>{words.device}</p>
    </Panel>
  );
}
