/** The keys of a place that has no page of an office: the state's own. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { PageHead } from '../../ui/page.tsx';
import { usePlaceName } from '../people/places.ts';
import { KeysSection } from './section.tsx';
import { KEYS } from './texts.ts';

const route = getRouteApi('/keys/$place');

export function Keys() {
  const { place } = route.useParams();
  const placeName = usePlaceName();
  return (
    <>
      <PageHead
        title={place === 'state' ? KEYS.titleState : KEYS.titleAt(placeName(place))}
        above={
          <p>
            <Link to="/offices">‹ {KEYS.back}</Link>
          </p>
        }
      />
      <KeysSection place={place} />
    </>
  );
}
