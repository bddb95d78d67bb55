/** The map of the 116. Each is a link; one of them is in the order of Tab, the arrow keys walk to the others. */
import type { OfficeOnMap, TodayAnswer } from '@bellwether/api';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { ARROWS, neighbour } from '../../map/neighbour.ts';
import { HEIGHT, MARKER, PLACES, type Place, SHAPES, WIDTH } from '../../map/shapes.ts';
import { Panel } from '../../ui/page.tsx';
import { Twin } from '../../ui/table.tsx';
import { count, counted } from '../../words/formats.ts';
import { OFFICE_STATES, OFFICE_WORDS } from '../../words/offices.ts';
import { OfficesTable } from './offices-table.tsx';
import { TODAY } from './texts.ts';

/** An office that the hub did not name is one without a sensor. */
function unknown({ leaId, name }: Place): OfficeOnMap {
  return { leaId, name, knocks: 0, through: 0, unsettled: 0, sensors: 0, state: 'none' };
}

/** Whether all of them stand on the map: it is drawn for one state, and others have a table. */
export function isOnMap(offices: readonly OfficeOnMap[]): boolean {
  const drawn = new Set(PLACES.map(({ leaId }) => leaId));
  return offices.every(({ leaId }) => drawn.has(leaId));
}

/** The offices of a state for which there is no map. */
export function OfficesList({ today }: { readonly today: TodayAnswer }) {
  const { map: words } = TODAY;
  return (
    <Panel id="map" title={words.title} intro={words.listIntro}>
      <OfficesTable caption={words.list} offices={today.map} />
    </Panel>
  );
}

export function OfficesMap({ today }: { readonly today: TodayAnswer }) {
  const { map: words } = TODAY;
  const byId = new Map(today.map.map((office) => [office.leaId, office]));
  const officeAt = (place: Place) => byId.get(place.leaId) ?? unknown(place);
  const [here, setHere] = useState<Place>(MARKER);
  const [pointed, setPointed] = useState<Place>();
  const navigate = useNavigate();
  const map = useRef<HTMLElement>(null);
  const walk = (event: React.KeyboardEvent) => {
    const direction = ARROWS[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    const next = neighbour(PLACES, here, direction);
    if (next !== undefined) map.current?.querySelector<SVGElement>(`[data-place="${next.leaId}"]`)?.focus();
  };
  const linkTo = (place: Place) => ({
    href: `/offices/${place.leaId}`,
    'data-place': place.leaId,
    'aria-label': spoken(officeAt(place)),
    className: `map__place map__place--${officeAt(place).state}`,
    tabIndex: place === here ? 0 : -1,
    onFocus: () => {
      setHere(place);
      setPointed(place);
    },
    onKeyDown: walk,
    onMouseEnter: () => setPointed(place),
    onMouseLeave: () => setPointed(undefined),
    onClick: (event: React.MouseEvent) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      void navigate({ to: '/offices/$leaId', params: { leaId: place.leaId } });
    },
  });
  const through = PLACES.filter((place) => officeAt(place).through > 0);
  return (
    <Panel id="map" title={words.title} intro={words.intro}>
      <ul className="legend">
        {OFFICE_STATES.map((state) => (
          <li key={state}>
            <svg viewBox="0 0 18 14" aria-hidden="true">
              <rect className={`map__shape map__shape--${state}`} width="18" height="14" rx="2" />
              <rect fill={`url(#map-${state})`} width="18" height="14" rx="2" />
            </svg>
            {OFFICE_WORDS[state].name} (
            {count(PLACES.filter((place) => officeAt(place).state === state).length)})
          </li>
        ))}
        {through.length > 0 && (
          <li>
            <svg viewBox="0 0 18 14" aria-hidden="true">
              <Alarm x={9} y={7} />
            </svg>
            {words.threw}
          </li>
        )}
      </ul>
      <nav ref={map} aria-label={words.label}>
        {/* biome-ignore lint/a11y/noSvgWithoutTitle: no picture but a group of links, and the group has its name */}
        <svg className="map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
          <MapPatterns />
          {SHAPES.map((shape) => {
            const { state } = officeAt(shape);
            return (
              <a key={shape.leaId} {...linkTo(shape)}>
                <path className={`map__shape map__shape--${state}`} d={shape.path} />
                <path className="map__pattern" fill={`url(#map-${state})`} d={shape.path} />
              </a>
            );
          })}
          <a {...linkTo(MARKER)}>
            <circle
              className={`map__shape map__shape--${officeAt(MARKER).state}`}
              cx={MARKER.x}
              cy={MARKER.y}
              r="11"
            />
            <circle
              className="map__pattern"
              fill={`url(#map-${officeAt(MARKER).state})`}
              cx={MARKER.x}
              cy={MARKER.y}
              r="11"
            />
            <text className="map__label" x={MARKER.x + 15} y={MARKER.y - 8}>
              {MARKER.name}
            </text>
          </a>
          {through.map(({ leaId, x, y }) => (
            <Alarm key={leaId} x={x} y={y} />
          ))}
        </svg>
      </nav>
      <p className="map__told" aria-hidden="true">
        {pointed === undefined ? words.pick : spoken(officeAt(pointed))}
      </p>
      <Twin label={words.table}>
        <OfficesTable caption={words.label} offices={PLACES.map(officeAt)} />
      </Twin>
    </Panel>
  );
}

function spoken({ name, state, knocks, through }: OfficeOnMap): string {
  const got = through === 0 ? '' : `; ${counted(through, 'contact')} got through`;
  const knocked = state === 'none' ? '' : `; ${counted(knocks, 'knock')}`;
  return `${name}: ${OFFICE_WORDS[state].name.toLowerCase()}${knocked}${got}`;
}

function Alarm({ x, y }: { readonly x: number; readonly y: number }) {
  return (
    <g className="map__alarm">
      <path d={`M${x} ${y - 7}l7 7-7 7-7-7z`} />
      <path className="map__alarm-sign" d={`M${x} ${y - 3.5}v4M${x} ${y + 2.5}v1`} />
    </g>
  );
}

function MapPatterns() {
  return (
    <defs>
      <pattern id="map-complete" width="8" height="8" patternUnits="userSpaceOnUse" />
      <pattern
        id="map-incomplete"
        width="7"
        height="7"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <path className="map__line" d="M0 0v7" />
      </pattern>
      <pattern id="map-silent" width="6" height="6" patternUnits="userSpaceOnUse">
        <path className="map__line" d="M0 0l6 6M6 0l-6 6" />
      </pattern>
      <pattern id="map-none" width="8" height="8" patternUnits="userSpaceOnUse">
        <circle className="map__dot" cx="4" cy="4" r="0.9" />
      </pattern>
    </defs>
  );
}
