/** The offices of who has some of them, in the place of the map of all. */
import type { TodayAnswer } from '@bellwether/api';
import { Link } from '@tanstack/react-router';
import { Panel } from '../../ui/page.tsx';
import { OfficeTag } from '../../ui/tag.tsx';
import { OFFICE_WORDS } from '../../words/offices.ts';
import { OfficesTable } from './offices-table.tsx';
import { TODAY } from './texts.ts';

export function OwnOffices({ today }: { readonly today: TodayAnswer }) {
  const words = TODAY.own;
  const [office, ...others] = today.map;
  if (office === undefined) {
    return (
      <Panel id="own" title={words.many}>
        <p className="nothing">{words.none}</p>
      </Panel>
    );
  }
  if (others.length > 0) {
    return (
      <Panel id="own" title={words.many}>
        <OfficesTable caption={words.many} offices={today.map} />
      </Panel>
    );
  }
  return (
    <Panel id="own" title={words.one}>
      <p>
        <OfficeTag state={office.state} /> {OFFICE_WORDS[office.state].meaning}
      </p>
      <p>
        <Link to="/offices/$leaId" params={{ leaId: office.leaId }}>
          {words.see(office.name)}
        </Link>
      </p>
    </Panel>
  );
}
