/** Blocks: how many were decided, how many computers enforce them, which are not enforced and why; and the way to undo one. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/me.ts';
import { useDone } from '../../ui/done.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page.tsx';
import { AgentsTable } from './agents.tsx';
import { Bouncers } from './bouncers.tsx';
import { Exceptions } from './exceptions.tsx';
import { InForce } from './in-force.tsx';
import { blocksQuery, inForceQuery } from './queries.ts';
import { spokenOf } from './standing.ts';
import { BLOCKS } from './texts.ts';

export function Blocks() {
  const client = useQueryClient();
  const [notice, say] = useDone();
  const mayReadAgents = useMay('agents.read');
  return (
    <>
      <PageHead title={BLOCKS.title}>
        <p>{BLOCKS.intro}</p>
        {mayReadAgents && (
          <p>
            <Link to="/agents">{BLOCKS.agents}</Link>
          </p>
        )}
      </PageHead>
      <Loaded query={useQuery(blocksQuery)}>
        {(answer) => {
          const { tone, lead, after } = spokenOf(answer);
          return (
            <>
              <div className={`spoken spoken--${tone}`}>
                <p className="spoken__lead">{lead}</p>
                {after.map((sentence) => (
                  <p key={sentence} className="spoken__after">
                    {sentence}
                  </p>
                ))}
              </div>
              <AgentsTable answer={answer} />
              <Exceptions answer={answer} />
              <Bouncers bouncers={answer.bouncers ?? []} />
            </>
          );
        }}
      </Loaded>
      {notice}
      <Loaded query={useQuery(inForceQuery)}>
        {(answer) => (
          <InForce
            answer={answer}
            onUndone={({ value, told }) => {
              say(BLOCKS.undo.done(value, told));
              for (const key of ['blocks', 'sources']) void client.invalidateQueries({ queryKey: [key] });
            }}
          />
        )}
      </Loaded>
    </>
  );
}
