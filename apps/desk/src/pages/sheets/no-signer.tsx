/** For who has no passkey that may sign yet: announces one of their own. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { withStepUp } from '../../api/step-up.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Refused } from '../../ui/refused.tsx';
import { ownQuery } from '../own/queries.ts';
import { announcePasskey } from './queries.ts';
import { SHEETS } from './texts.ts';

const words = SHEETS.noSigner;

export function NoSigner({ office }: { readonly office: string }) {
  const own = useQuery(ownQuery);
  const announce = useMutation({
    mutationFn: (passkey: string) => withStepUp(() => announcePasskey({ office, passkey })),
  });
  return (
    <div className="notice" role="alert">
      <h3>{words.title}</h3>
      <p>{words.text}</p>
      <Loaded query={own}>
        {({ passkeys }) => {
          const here = passkeys.filter(({ site }) => site === location.hostname);
          if (announce.data !== undefined) {
            const { countsFrom } = announce.data;
            return (
              <p role="status">
                {countsFrom === null ? (
                  words.asked
                ) : (
                  <>
                    {words.from} <Moment iso={countsFrom} how="full" />.
                  </>
                )}
              </p>
            );
          }
          if (here.length === 0) {
            return (
              <p>
                <Link to="/own">{words.none}</Link>
              </p>
            );
          }
          return here.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              className="usa-button usa-button--outline"
              aria-disabled={announce.isPending}
              onClick={() => announce.isPending || announce.mutate(id)}
            >
              {words.button}: {words.of(name)}
            </button>
          ));
        }}
      </Loaded>
      {announce.error !== null && <Refused error={announce.error} />}
    </div>
  );
}
