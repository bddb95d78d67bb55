/** Today: what a person sees in ten seconds. */
import type { TodayAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { todayQuery } from '../../api/queries.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Account } from './account.tsx';
import { Figures } from './figures.tsx';
import { Hours } from './hours.tsx';
import { CameThrough, NeedsPerson } from './incidents.tsx';
import { OfficesMap } from './map.tsx';
import { sentence } from './sentence.ts';
import { TODAY } from './texts.ts';

export function Today() {
  return (
    <Loaded title={TODAY.title} query={useQuery(todayQuery)}>
      {(today) => <Day today={today} />}
    </Loaded>
  );
}

function Day({ today }: { readonly today: TodayAnswer }) {
  const { lead, after, tone } = sentence(today);
  return (
    <>
      <PageHead title={TODAY.title} />
      <div className={`spoken spoken--${tone}`}>
        <p className="spoken__lead">{lead}</p>
        <p className="spoken__after">{after.join(' ')}</p>
      </div>
      <Figures today={today} />
      <div className="pair">
        <div>
          <CameThrough today={today} />
          <Hours today={today} />
        </div>
        <NeedsPerson today={today} />
      </div>
      <div className="pair">
        <Account today={today} />
        <OfficesMap today={today} />
      </div>
    </>
  );
}
