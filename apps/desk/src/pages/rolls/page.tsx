/** Rolls: tonight's sentences first, then the offices, changes over time, and the nights before. */
import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page.tsx';
import { RollChanges } from './changes.tsx';
import { NoRoll } from './empty.tsx';
import { Extracts } from './extracts.tsx';
import { Nights } from './nights.tsx';
import { RollOffices } from './offices.tsx';
import { Planted } from './planted.tsx';
import { rollsQuery } from './queries.ts';
import { ROLLS } from './texts.ts';
import { NightFigures, NotChecked, Tonight } from './tonight.tsx';

export function Rolls() {
  return (
    <>
      <PageHead title={ROLLS.title}>
        <p>{ROLLS.intro}</p>
      </PageHead>
      <Loaded query={useQuery(rollsQuery)}>
        {(rolls) =>
          rolls.genesis === null ? (
            <NoRoll doing={rolls.notChecked} />
          ) : (
            <>
              <Tonight rolls={rolls} />
              {rolls.tonight !== null && <NightFigures night={rolls.tonight} hands={rolls.hands} />}
              <NotChecked rolls={rolls} />
              {rolls.planted !== null && <Planted of={rolls.planted} />}
              <RollOffices offices={rolls.offices} />
              <Extracts />
              <div className="pair">
                <RollChanges />
                <Nights />
              </div>
            </>
          )
        }
      </Loaded>
    </>
  );
}
