/** The few things that the center does with Cognito: a machine's credentials made, shown again and ended. */
import {
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  ResourceNotFoundException,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';

export interface UserPool {
  readonly client: Pick<CognitoIdentityProviderClient, 'send'>;
  readonly userPoolId: string;
  /** the one scope that its tokens carry; what a caller may do is looked up by client id */
  readonly scope: string;
}

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Makes credentials for the client-credentials grant. They are nobody's until a caller record names them. */
export async function createCredentials(pool: UserPool, name: string): Promise<Credentials> {
  const { UserPoolClient: made } = await pool.client.send(
    new CreateUserPoolClientCommand({
      UserPoolId: pool.userPoolId,
      ClientName: name,
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: [pool.scope],
    }),
  );
  return credentialsOf(made);
}

export async function readCredentials(pool: UserPool, clientId: string): Promise<Credentials> {
  const { UserPoolClient: found } = await pool.client.send(
    new DescribeUserPoolClientCommand({ UserPoolId: pool.userPoolId, ClientId: clientId }),
  );
  return credentialsOf(found);
}

/** Nothing to do where they are gone already. */
export async function deleteCredentials(pool: UserPool, clientId: string): Promise<void> {
  try {
    await pool.client.send(new DeleteUserPoolClientCommand({ UserPoolId: pool.userPoolId, ClientId: clientId }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}

function credentialsOf(client: UserPoolClientType | undefined): Credentials {
  if (!client?.ClientId || !client.ClientSecret)
    throw new Error('the user pool answered without a client and its secret');
  return { clientId: client.ClientId, clientSecret: client.ClientSecret };
}
