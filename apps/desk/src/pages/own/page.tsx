/** My devices: what lets somebody in, where they are signed in, and codes for the day when a device is lost. */
import type { OwnAnswer } from '@bellwether/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMe } from '../../api/me.ts';
import { forget } from '../../frame/leaving.ts';
import { Act } from '../../ui/act.tsx';
import { useDone } from '../../ui/done.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead, Panel } from '../../ui/page.tsx';
import { RecoveryCodes } from '../../ui/recovery-codes.tsx';
import { Devices } from './devices.tsx';
import { makeRecoveryCodes, ownQuery } from './queries.ts';
import { Sessions } from './sessions.tsx';
import { OWN } from './texts.ts';

/** Codes left at which it is said that new ones are due: one can be lost, and one be crossed out by mistake. */
const FEW_CODES = 2;

export function Own() {
  return (
    <>
      <PageHead title={OWN.title}>
        <p>{OWN.intro}</p>
      </PageHead>
      <Loaded query={useQuery(ownQuery)}>{(answer) => <Answer answer={answer} />}</Loaded>
    </>
  );
}

function Answer({ answer }: { readonly answer: OwnAnswer }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const me = useMe();
  const [codes, setCodes] = useState<readonly string[]>();
  const [notice, say] = useDone();
  const done = (text: string) => {
    say(text);
    void client.invalidateQueries({ queryKey: ['own'] });
  };
  if (codes !== undefined) {
    return (
      <RecoveryCodes
        codes={codes}
        name={me.person?.name ?? ''}
        onKept={() => {
          setCodes(undefined);
          done(OWN.codes.kept);
        }}
      />
    );
  }
  return (
    <>
      {notice}
      <Devices passkeys={answer.passkeys} onDone={done} />
      <Sessions
        sessions={answer.sessions}
        onDone={done}
        onOut={() =>
          void navigate({ to: '/sign-in', search: { why: 'SIGNED_OUT_EVERYWHERE' } }).then(() =>
            forget(client),
          )
        }
      />
      <Codes left={answer.recoveryCodesLeft} onMade={setCodes} />
    </>
  );
}

function Codes({
  left,
  onMade,
}: {
  readonly left: number;
  readonly onMade: (codes: readonly string[]) => void;
}) {
  const words = OWN.codes;
  return (
    <Panel id="codes" title={words.title}>
      <p className={left <= FEW_CODES ? 'strong' : undefined}>
        {words.left(left)} {left > 0 && left <= FEW_CODES && words.few}
      </p>
      <p className="panel__more">{words.text}</p>
      <div className="buttons panel__acts">
        <Act
          name={words.make}
          of={words.makeOf}
          says={words.makeSays}
          confirm={words.makeConfirm}
          act={async () => onMade((await makeRecoveryCodes()).recoveryCodes)}
          onDone={() => {}}
        />
      </div>
    </Panel>
  );
}
