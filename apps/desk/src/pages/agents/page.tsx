/** Agents: computers of offices that send lines and block; a code to let one in, and an end for one. */
import type { AgentsAnswer, MadeAgentCode, NewAgentCode } from '@bellwether/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../api/me.ts';
import { WithCode } from '../../frame/trouble.tsx';
import { useDone } from '../../ui/done.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { blocksQuery } from '../blocks/queries.ts';
import { usePlaceName } from '../people/places.ts';
import { AgentCodeCard } from './code-card.tsx';
import { CodeForm } from './code-form.tsx';
import { AgentsList, RevokedAgents } from './list.tsx';
import { agentsQuery, LOOK_AGAIN, makeAgentCode } from './queries.ts';
import { agentsByNeed, spokenOfAgents } from './standing.ts';
import { AGENTS } from './texts.ts';

/** A code on screen, and for which computer. */
type Shown = { readonly made: MadeAgentCode; readonly wish: NewAgentCode };

export function Agents() {
  const [code, setCode] = useState<Shown>();
  const query = useQuery({
    ...agentsQuery,
    refetchInterval: code === undefined ? LOOK_AGAIN.usually : LOOK_AGAIN.withCode,
  });
  const mayReadBlocks = useMay('decisions.read');
  return (
    <>
      <PageHead title={AGENTS.title}>
        <p>{AGENTS.intro}</p>
        {mayReadBlocks && (
          <p>
            <Link to="/blocks">{AGENTS.blocks}</Link>
          </p>
        )}
      </PageHead>
      <Loaded query={query}>{(answer) => <Answer answer={answer} code={code} setCode={setCode} />}</Loaded>
    </>
  );
}

function Answer({
  answer: { hub, agents },
  code,
  setCode,
}: {
  readonly answer: AgentsAnswer;
  readonly code: Shown | undefined;
  readonly setCode: (code: Shown | undefined) => void;
}) {
  const client = useQueryClient();
  const [notice, say] = useDone();
  const placeName = usePlaceName();
  const mayChange = useMay('agents.change');
  const heard = useHeard();
  const { standing, revoked } = agentsByNeed(agents, heard, Date.now());
  const { tone, lead, after } = spokenOfAgents(agents, heard, Date.now());
  const isIn = ({ office, name }: NewAgentCode) =>
    standing.some((agent) => agent.office === office && agent.name === name);
  const show = (made: MadeAgentCode, wish: NewAgentCode) => {
    say('');
    setCode({ made, wish });
  };
  return (
    <>
      <div className={`spoken spoken--${hub === null ? 'care' : tone}`}>
        <p className="spoken__lead">{hub === null ? AGENTS.off : lead}</p>
        {(hub === null ? [AGENTS.offText] : after).map((sentence) => (
          <p key={sentence} className="spoken__after">
            <WithCode text={sentence} />
          </p>
        ))}
      </div>
      {notice}
      {code !== undefined && (
        <AgentCodeCard
          made={code.made}
          office={placeName(code.wish.office)}
          name={code.wish.name}
          used={isIn(code.wish)}
          onAgain={async () => show(await makeAgentCode(code.wish), code.wish)}
          onClose={() => setCode(undefined)}
        />
      )}
      <Panel id="all-agents" title={AGENTS.list.title}>
        {standing.length === 0 ? (
          <p className="nothing">{mayChange ? AGENTS.list.none : AGENTS.list.noneHere}</p>
        ) : (
          <AgentsList
            agents={standing}
            heard={heard}
            onRevoked={({ officeName, name }) => {
              say(AGENTS.revoke.done(officeName, name));
              for (const key of ['agents', 'blocks']) void client.invalidateQueries({ queryKey: [key] });
            }}
          />
        )}
        <RevokedAgents agents={revoked} />
      </Panel>
      {mayChange && hub !== null && <CodeForm onMade={show} />}
    </>
  );
}

/** Numbers of agents that the hub heard within three minutes, by its own clock: that of the reader may be wrong. */
function useHeard(): ReadonlySet<number> {
  const { data } = useQuery({ ...blocksQuery, enabled: useMay('decisions.read') });
  return new Set((data?.agents ?? []).filter(({ isHeard }) => isHeard).map(({ agent }) => agent));
}
