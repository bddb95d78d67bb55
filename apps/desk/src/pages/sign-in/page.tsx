/** Sign in: one button for the passkey, one for each directory, and the way to a code. Then back to the page that was asked for. */
import type { CeremonyOptions, MeAnswer, SignedIn } from '@bellwether/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { address, tell } from '../../api/ask.ts';
import { useMe } from '../../api/me.ts';
import { showPasskey } from '../../api/passkey.ts';
import { forgetAnswers } from '../../frame/leaving.ts';
import { isIn } from '../../frame/pages.ts';
import { ownPage } from '../../frame/return-to.ts';
import { WithCode } from '../../frame/trouble.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Refused } from '../../ui/refused.tsx';
import { SIGN_IN, WHY, WHY_ELSE } from './texts.ts';

const route = getRouteApi('/sign-in');

/** A longer search is not led back to from a directory, as the hub keeps no longer address meanwhile. */
const LONGEST_PAGE = 512;

export function SignIn() {
  const me = useMe();
  const { to, why } = route.useSearch();
  const page = ownPage(to);
  return (
    <div className="narrow">
      <PageHead title={SIGN_IN.title}>
        <p>{SIGN_IN.intro(me.state)}</p>
      </PageHead>
      {isIn(me) ? (
        <Already me={me} page={page} />
      ) : me.needsSetUp ? (
        <NotSetUp />
      ) : (
        <>
          {(why !== undefined || page !== '/') && (
            <p className="notice" role="status">
              {WHY[why ?? ''] ?? WHY_ELSE}
            </p>
          )}
          <Ways me={me} page={page} />
        </>
      )}
    </div>
  );
}

function Ways({ me, page }: { readonly me: MeAnswer; readonly page: string }) {
  const client = useQueryClient();
  const { history } = useRouter();
  const signIn = useMutation({
    mutationFn: async () => {
      const { options } = await tell<CeremonyOptions>('POST', 'sign-in/passkey/options', {});
      return tell<SignedIn>('POST', 'sign-in/passkey', { credential: await showPasskey(options) });
    },
    onSuccess: async () => {
      forgetAnswers(client);
      await client.refetchQueries({ queryKey: ['me'] });
      history.push(page);
    },
  });
  return (
    <>
      <section className="panel" aria-label={SIGN_IN.title}>
        <button
          type="button"
          className="usa-button button-wide button-large"
          aria-disabled={signIn.isPending}
          onClick={() => signIn.isPending || signIn.mutate()}
        >
          {signIn.isPending ? SIGN_IN.waiting : SIGN_IN.passkey}
        </button>
        {signIn.error !== null && <Refused error={signIn.error} />}
        {me.directories.length > 0 && (
          <>
            <p className="or">{SIGN_IN.directories}</p>
            <ul className="ways">
              {me.directories.map(({ name, title }) => (
                <li key={name}>
                  <a
                    className="usa-button usa-button--outline button-wide"
                    href={address(
                      `sign-in/oidc/${encodeURIComponent(name)}`,
                      page.length > LONGEST_PAGE ? {} : { to: page },
                    )}
                  >
                    {SIGN_IN.directory(title)}
                  </a>
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
      <section className="panel" aria-labelledby="code-title">
        <h2 id="code-title">{SIGN_IN.codeTitle}</h2>
        <p>{SIGN_IN.codeText}</p>
        <Link to="/code" className="usa-button usa-button--outline button-wide">
          {SIGN_IN.codeButton}
        </Link>
        <h3>{SIGN_IN.lostTitle}</h3>
        <p>
          {SIGN_IN.lostText} <Link to="/code">{SIGN_IN.lostLink}</Link>
        </p>
      </section>
    </>
  );
}

function Already({ me, page }: { readonly me: MeAnswer; readonly page: string }) {
  const { history } = useRouter();
  return (
    <section className="panel" aria-label={SIGN_IN.title}>
      {me.person !== null && <p>{SIGN_IN.already(me.person.name)}</p>}
      <button type="button" className="usa-button" onClick={() => history.push(page)}>
        {SIGN_IN.goOn}
      </button>
    </section>
  );
}

function NotSetUp() {
  return (
    <section className="panel" aria-labelledby="not-set-up">
      <h2 id="not-set-up">{SIGN_IN.notSetUpTitle}</h2>
      <p>
        <WithCode text={SIGN_IN.notSetUp} />
      </p>
    </section>
  );
}
