import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { environmentValue } from '../../runtime/environment.ts';
import { openApiDocument } from '../openapi.ts';
import { allRoutes } from '../routes.ts';

const document = JSON.stringify(
  openApiDocument({
    routes: allRoutes,
    serverUrl: environmentValue('SERVER_URL'),
    tokenUrl: environmentValue('TOKEN_URL'),
  }),
);

export const handler = async (): Promise<APIGatewayProxyStructuredResultV2> => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
  body: document,
});
