/** Today: what a person sees in ten seconds. */
import type { TodayAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { useMe } from '../../api/me.ts';
import { todayQuery } from '../../api/queries.ts';
import { officesOf } from '../../frame/pages.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page.tsx';
import { OpenSheet } from '../sheets/open-sheet.tsx';
import { Account } from './account.tsx';
import { Figures } from './figures.tsx';
import { Hours } from './hours.tsx';
import { CameThrough, NeedsPerson } from './incidents.tsx';
import { isOnMap, OfficesList, OfficesMap } from './map.tsx';
import { OwnOffices } from './own.tsx';
import { scopedDay } from './scope.ts';
import { sentence } from './sentence.ts';
import { TODAY } from './texts.ts';

export function Today() {
  return (
    <Loaded title={TODAY.title} query={useQuery(todayQuery)}>
      {(today) => <Day today={today} />}
    </Loaded>
  );
}

function Day({ today: whole }: { readonly today: TodayAnswer }) {
  const { day: today, scope } = scopedDay(whole, officesOf(useMe()));
  const isState = scope.of === 'state';
  const { lead, after, tone } = sentence(today, scope);
  return (
    <>
      <PageHead title={TODAY.title} />
      <OpenSheet />
      <div className={`spoken spoken--${tone}`}>
        <p className="spoken__lead">{lead}</p>
        <p className="spoken__after">{after.join(' ')}</p>
      </div>
      <Figures today={today} scope={scope} />
      <div className="pair">
        <div>
          <CameThrough today={today} />
          <Hours today={today} />
        </div>
        <div>
          <NeedsPerson today={today} />
          {!isState && <OwnOffices today={today} />}
        </div>
      </div>
      <div className={isState ? 'pair' : ''}>
        <Account today={today} />
        {isState && (isOnMap(today.map) ? <OfficesMap today={today} /> : <OfficesList today={today} />)}
      </div>
    </>
  );
}
