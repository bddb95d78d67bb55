import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needsCorpora, runScenario, type Stage } from './run.ts';
import { words } from './words.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const corpora = process.env.BELLWETHER_CORPORA;
const scenarios = readdirSync(join(ROOT, 'scenarios'))
  .filter((name) => name.endsWith('.txt'))
  .map((name) => ({ name, script: readFileSync(join(ROOT, 'scenarios', name), 'utf8') }));

const folder = mkdtempSync(join(tmpdir(), 'bellwether-scenarios-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function stage(): Stage {
  const work = mkdtempSync(join(folder, 'work-'));
  // The PostgreSQL of a hub runs as a user of its own, who has to get through.
  for (const path of [folder, work]) chmodSync(path, 0o711);
  return { root: ROOT, work, corpora };
}

describe('a scenario', () => {
  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')]);
    const unmet = corpora === undefined ? scenarios.filter(({ script }) => needsCorpora(script)) : [];
    if (unmet.length > 0)
      console.info(`${unmet.length} scenarios not run: BELLWETHER_CORPORA names no folder of real data`);
  });

  for (const { name, script } of scenarios) {
    it.skipIf(corpora === undefined && needsCorpora(script))(`holds: ${name}`, () =>
      runScenario(script, stage()),
    );
  }
});

describe('the language of scenarios', () => {
  const NODE = '$ node -e "console.log(JSON.stringify({ a: [1, { b: null }], n: 7 })); console.error(5)"';

  it('passes what holds', async () => {
    const script = `# prose
${NODE}
exit 0
stdout "n":7
!stdout nothing
stderr 5
json a.1.b == null
json a.length == 2
json n >= 7
json n <= 7
json n != 8
save account.json
file account.json contains "n":7
!file account.json contains other
$ cp account.json copy.json
same account.json copy.json
!same account.json notes/a.txt
$ node -e "process.stdin.pipe(process.stdout)" < notes/a.txt
stdout two words
$ node -e "process.exit(3)"
exit 3
-- notes/a.txt --
two words
`;
    await runScenario(script, stage());
  });

  it('lets a command go on, waits for it, and ends it', async () => {
    const going = `node -e "console.log('I am ready'); setInterval(() => {}, 1000)"`;
    const script = `start one ${going}
wait one "am ready"
stdout I am
$ node -e "console.log(2)"
stop one
exit -1
start one ${going}
wait one ready
kill one
`;
    await runScenario(script, stage());
  });

  it('ends what goes on where a line does not hold', async () => {
    const here = stage();
    const going = `node -e "require('fs').writeFileSync('pid', String(process.pid)); console.log('ready'); setInterval(() => {}, 1000)"`;

    await expect(runScenario(`start one ${going}\nwait one ready\nstdout no`, here)).rejects.toThrow(
      'the output says otherwise',
    );
    expect(() => process.kill(Number(readFileSync(join(here.work, 'pid'), 'utf8')), 0)).toThrow('ESRCH');
  });

  it('lets people do what they do at a browser, each at their own', async () => {
    const script = `start hub node server.cjs
wait hub http://localhost:
open ann hub
see ann "Code 1234-5678"
note ann CODE \\d{4}-\\d{4}
stdout 1234-5678
type ann Name Ann
click ann Greet
see ann "Hello Ann"
open ben hub /
!stdout Ann
type ben Name $CODE
click ben Greet
stdout Hello 1234-5678
ask ben POST /api < sent.json
json got.a == 1
ask ben GET /missing
exit 404
-- sent.json --
{"a":1}
-- server.cjs --
const page = '<h1>Code 1234-5678</h1><label>Name <input></label><button>Greet</button><p></p><script>'
  + 'document.querySelector("button").onclick = () => {'
  + 'document.querySelector("p").textContent = "Hello " + document.querySelector("input").value; }</script>';
require('http').createServer((request, response) => {
  if (request.url === '/missing') { response.statusCode = 404; response.end(); return; }
  if (request.method === 'POST') {
    request.on('data', (sent) => response.end('{"got":' + sent + '}'));
    return;
  }
  response.setHeader('content-type', 'text/html');
  response.end(page);
}).listen(0, '127.0.0.1', function () {
  console.log('http://localhost:' + this.address().port + '/?token=t');
});
`;
    await runScenario(script, stage());
  });

  const FROM_DISK = `<label>Papers <input type="file" multiple></label><p></p><script>
document.querySelector("input").onchange = async ({ target }) => {
  document.querySelector("p").textContent = (await Promise.all([...target.files].map((file) => file.text()))).join(" and ");
};</script>`;

  it('opens a page from disk and hands files to it, without a network', async () => {
    const script = `open ann $WORK/page.html
give ann Papers one two
see ann "1 and 2"
-- page.html --
${FROM_DISK}
-- one --
1
-- two --
2
`;
    await runScenario(script, stage());
  });

  it('stops where a page from disk asks the network for something', async () => {
    const script = `open ann $WORK/page.html
see ann hello
-- page.html --
<script>fetch('http://192.0.2.1/').catch(() => {}).then(() => { document.body.append('hello'); });</script>
<body></body>
`;
    await expect(runScenario(script, stage())).rejects.toThrow(
      'the page of ann asked the network for http://192.0.2.1/',
    );
  });

  it.each([
    ['another exit code', `${NODE}\nexit 3`, 'line 2: exit 3\nexited with 0'],
    ['an exit code that nobody speaks of', '$ node -e "process.exit(3)"', 'exited with 3'],
    ['output that is not there', `${NODE}\nstdout eight`, 'the output says otherwise'],
    ['output that must not be there', `${NODE}\n!stderr 5`, 'the messages say otherwise'],
    ['another number', `${NODE}\njson n >= 8`, 'n is 7'],
    ['a number that is missing', `${NODE}\njson m >= 0`, 'm is undefined'],
    ['a file that does not say it', '$ cp x y\nfile x contains b\n-- x --\na\n', 'it does not contain it'],
    ['files that differ', '$ cp x z\nsame x y\n-- x --\na\n-- y --\nb\n', 'they differ'],
    ['a line that is none', `${NODE}\nstdin 5`, 'no line of a scenario starts like this'],
    ['a program that is not everywhere', '$ curl x', 'scenarios start only'],
    ['a path that leads nowhere', `${NODE}\njson m != 8`, 'm is undefined'],
    ['a line that cannot fail', `${NODE}\nstdout`, 'could not fail'],
    ['a name that nothing has', 'wait one ready', 'nothing was started as one'],
    ['a command that ends before it says so', `start one ${NODE.slice(2)}\nwait one ready`, 'ended before'],
    ['an assertion before any command', 'stdout x', 'nothing has run yet'],
  ])('stops at %s', async (_, script, message) => {
    await expect(runScenario(script, stage())).rejects.toThrow(message);
  });

  it('splits words by spaces, outside quotes, and puts values in', () => {
    const line = `watch  --to "$WORK/a b" '$WORK' "" \${WORK}/c`;

    expect(words(line, { WORK: '/w' })).toEqual(['watch', '--to', '/w/a b', '$WORK', '', '/w/c']);
  });

  it.each(['an "open quote', 'an $UNKNOWN name', 'a $ alone'])('refuses %s', (line) => {
    expect(() => words(line, {})).toThrow();
  });
});
