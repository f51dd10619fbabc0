/** What the center does with Cognito: a machine's credentials made, shown again and ended. */
import {
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  ResourceNotFoundException,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Credentials, CredentialsKeeper } from './institution-clients.ts';

export interface UserPool {
  readonly client: Pick<CognitoIdentityProviderClient, 'send'>;
  readonly userPoolId: string;
  /** the one scope that its tokens carry; what a caller may do is looked up by client id */
  readonly scope: string;
}

export const userPoolKeeper = ({ client, userPoolId: UserPoolId, scope }: UserPool): CredentialsKeeper => ({
  create: async (name) => {
    const { UserPoolClient: made } = await client.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: name,
        GenerateSecret: true,
        AllowedOAuthFlows: ['client_credentials'],
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthScopes: [scope],
      }),
    );
    return credentialsOf(made);
  },

  read: async (clientId) => {
    const command = new DescribeUserPoolClientCommand({ UserPoolId, ClientId: clientId });
    const { UserPoolClient: found } = await client.send(command);
    return credentialsOf(found);
  },

  remove: async (clientId) => {
    try {
      await client.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId: clientId }));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error; // gone already is as good
    }
  },
});

function credentialsOf(client: UserPoolClientType | undefined): Credentials {
  if (!client?.ClientId || !client.ClientSecret) {
    throw new Error('the user pool answered without a client and its secret');
  }
  return { clientId: client.ClientId, clientSecret: client.ClientSecret };
}
