/**
 * Draws the map of the 116 local election authorities: `node scripts/desk/draw-map.mjs`.
 *
 * 115 of them are Missouri's counties and the City of St. Louis, whose borders are in us-atlas (United States Census
 * Bureau, 1:10 million). The 116th, the Kansas City Board, has no border there: it is a marker of its own.
 * The result is kept in the repository, so that building the desk needs none of the libraries.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { geoAlbers, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';

/** FIPS code of Missouri: the first two digits of every county of it. */
const MISSOURI = '29';

/** Width of the drawing, in its own units; one of them is about 0.8 km. */
const WIDTH = 640;

/** Room for the line around the outermost counties. */
const MARGIN = 3;

/** The middle of the state, and two parallels that cut it: the least distortion within it. */
const MERIDIAN = 92.5;
const PARALLELS = [36.5, 40.2];

/** Kansas City, city hall; `lea_id` 29380 has no county of its own. */
const KANSAS_CITY = { leaId: '29380', name: 'Kansas City', place: [-94.578, 39.1] };

const TARGET = new URL('../../apps/desk/src/map/missouri.json', import.meta.url);

const atlas = JSON.parse(readFileSync(new URL(import.meta.resolve('us-atlas/counties-10m.json')), 'utf8'));
const counties = feature(atlas, atlas.objects.counties).features.filter(({ id }) => id.startsWith(MISSOURI));
const state = { type: 'FeatureCollection', features: counties };

const projection = geoAlbers().rotate([MERIDIAN, 0]).center([0, 38.3]).parallels(PARALLELS);
projection.fitWidth(WIDTH - 2 * MARGIN, state);
const [[left, top]] = geoPath(projection).bounds(state);
const [x, y] = projection.translate();
projection.translate([x - left + MARGIN, y - top + MARGIN]);

const path = geoPath(projection).digits(1);
const height = Math.ceil(path.bounds(state)[1][1] + MARGIN);
const shapes = counties
  .map((county) => {
    const [atX, atY] = path.centroid(county);
    return {
      leaId: county.id,
      name: nameOf(county),
      x: rounded(atX),
      y: rounded(atY),
      path: path(county),
    };
  })
  .sort((a, b) => a.leaId.localeCompare(b.leaId));
const [cityX, cityY] = projection(KANSAS_CITY.place);
const marker = { leaId: KANSAS_CITY.leaId, name: KANSAS_CITY.name, x: rounded(cityX), y: rounded(cityY) };

const drawing = { width: WIDTH, height, marker, shapes };
writeFileSync(TARGET, `${JSON.stringify(drawing, null, 2)}\n`);
process.stdout.write(`${shapes.length} shapes and one marker, ${WIDTH} by ${height}\n`);

/** The City of St. Louis is no county, and there is a county of the same name. */
function nameOf({ id, properties }) {
  return id === '29510' ? 'St. Louis City' : `${properties.name} County`;
}

function rounded(number) {
  return Math.round(number * 10) / 10;
}
