/** Access tokens of our own user pool: signature, issuer, use and time are checked by `aws-jwt-verify`. */
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import {
  CognitoJwtInvalidTokenUseError,
  FetchError,
  JwtBaseError,
  JwtExpiredError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureError,
  JwtParseError,
  ParameterValidationError,
} from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';

export type VerifiedToken =
  | { readonly accepted: true; readonly clientId: string }
  /** why not, in plain words for the caller; never a part of the token */
  | { readonly accepted: false; readonly reason: string };

export type VerifyToken = (token: string) => Promise<VerifiedToken>;

export interface TokenIssuer {
  readonly userPoolId: string;
  /** where the pool's keys are, when that is not where its issuer's name says */
  readonly jwksUrl?: string | undefined;
}

/** Clocks of two machines may differ by this much; RFC 9068 speaks of "a few minutes" at most. */
const clockSkewSeconds = 30;

/**
 * Makes a verifier that fetches the pool's keys at the first token and keeps them; a token signed with a newer key makes
 * it look again, at most every ten seconds.
 *
 * @throws FetchError (from the verifier) when the keys can't be had: that says nothing about the token.
 */
export function tokenVerifier({ userPoolId, jwksUrl }: TokenIssuer): VerifyToken {
  const verifier = CognitoJwtVerifier.create(
    { userPoolId, tokenUse: 'access', clientId: null, graceSeconds: clockSkewSeconds },
    { jwksCache: new SimpleJwksCache(jwksUrl === undefined ? {} : { fetcher: fetcherOf(jwksUrl) }) },
  );
  return async (token) => {
    try {
      const { client_id: clientId } = await verifier.verify(token);
      return { accepted: true, clientId };
    } catch (error) {
      if (error instanceof FetchError || !(error instanceof JwtBaseError)) throw error;
      return { accepted: false, reason: reasonOf(error) };
    }
  };
}

/** The library's own fetcher speaks https only, and asks the host that the issuer names. */
const fetcherOf = (jwksUrl: string) => ({
  fetch: async (): Promise<ArrayBuffer> => {
    const response = await fetch(jwksUrl, { signal: AbortSignal.timeout(3_000) });
    if (!response.ok) throw new FetchError(jwksUrl, `status ${response.status}`);
    return response.arrayBuffer();
  },
});

function reasonOf(error: JwtBaseError): string {
  if (error instanceof JwtExpiredError) return 'The access token has expired; ask for a new one.';
  if (error instanceof JwtParseError) return 'The bearer token is malformed.';
  // the library has no parameters for an issuer that it was not told of
  if (error instanceof JwtInvalidIssuerError || error instanceof ParameterValidationError) {
    return 'The bearer token was issued by somebody else.';
  }
  if (error instanceof CognitoJwtInvalidTokenUseError) return 'The bearer token is no access token.';
  if (error instanceof JwtInvalidSignatureError) return 'The signature of the bearer token is wrong.';
  return 'The bearer token is none of ours.';
}
