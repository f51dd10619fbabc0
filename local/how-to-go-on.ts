/** A file to source in a shell, and what to type then: every line works as it is printed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Member } from './demo/open-business.ts';
import type { Emulator } from './emulator/emulator.ts';
import type { Center } from './outsider/center.ts';
import { output } from './outsider/outputs.ts';

const awsNames = ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION', 'AWS_DEFAULT_REGION'];

/** Writes `env.sh` into a folder: where everything is, credentials of the emulated deployment, and a shell function that gets tokens. */
export async function writeShellEnvironment(
  {
    center,
    emulator,
    member,
  }: { readonly center: Center; readonly emulator: Pick<Emulator, 'env'>; readonly member?: Member },
  folder: string,
): Promise<void> {
  const { outputs } = center;
  const values: Readonly<Record<string, string | undefined>> = {
    ...Object.fromEntries(awsNames.map((name) => [name, emulator.env[name]])),
    API_URL: output(outputs, 'ApiUrl'),
    TOKEN_URL: output(outputs, 'TokenUrl'),
    STATEMENT_BUCKET: output(outputs, 'StatementBucketName'),
    STATE_MACHINE_ARN: output(outputs, 'ReconciliationStateMachineArn'),
    OPERATOR_ID: output(outputs, 'OperatorClientId'),
    OPERATOR_SECRET: await center.readSecret(output(outputs, 'OperatorClientSecretArn')),
    APPROVER_ID: output(outputs, 'ApproverClientId'),
    APPROVER_SECRET: await center.readSecret(output(outputs, 'ApproverClientSecretArn')),
    ...(member && {
      INSTITUTION_ID: member.institution.id,
      CLIENT_ID: member.institution.credentials.clientId,
      CLIENT_SECRET: member.institution.credentials.clientSecret,
      ACCOUNT_ID: member.accountId,
      BINDING_ID: member.bindingId,
      MERCHANT_NO: member.institution.merchants[0]?.merchantNo,
    }),
  };
  const lines = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  );
  writeFileSync(join(folder, 'env.sh'), `${lines.join('\n')}\n${shellFunctions}`, { mode: 0o600 });
}

const shellFunctions = `
# a bearer token for an id and a secret
token() { curl -s -u "$1:$2" -d grant_type=client_credentials "$TOKEN_URL" | field access_token; }
# a field of the JSON that comes in: … | field id
field() { node -pe "JSON.parse(require('fs').readFileSync(0)).$1"; }
# a call with that token: call TOKEN METHOD PATH [BODY]
call() { curl -s -X "$2" "$API_URL$3" -H "Authorization: Bearer $1" -H 'Content-Type: application/json' -H "Idempotency-Key: key-$(date +%s)-$RANDOM" \${4:+-d "$4"}; echo; }
`;

export const howToGoOn = (center: Center): string => `
How to go on, in another terminal:

  . .local/env.sh                                  # URLs, ids and secrets of this deployment; AWS tools reach it too
  TOKEN=$(token "$CLIENT_ID" "$CLIENT_SECRET")     # a business app of the first institution
  OPERATOR=$(token "$OPERATOR_ID" "$OPERATOR_SECRET")

  curl -sw '\\n' "$API_URL/v1/accounts/$ACCOUNT_ID" -H "Authorization: Bearer $TOKEN"
  curl -sw '\\n' "$API_URL/v1/accounts/$ACCOUNT_ID/entries?limit=5" -H "Authorization: Bearer $TOKEN"
  curl -sw '\\n' "$API_URL/v1/transactions?limit=5" -H "Authorization: Bearer $TOKEN"
  curl -sw '\\n' "$API_URL/v1/reconciliations" -H "Authorization: Bearer $TOKEN"
  call "$TOKEN" POST /v1/top-ups '{"accountId":"'$ACCOUNT_ID'","amount":{"amount":10000,"currency":"CNY"},"product":"withholding","bindingId":"'$BINDING_ID'","reference":"my-first-top-up"}'
  call "$TOKEN" POST /v1/withdrawals '{"accountId":"'$ACCOUNT_ID'","amount":{"amount":2500,"currency":"CNY"},"bindingId":"'$BINDING_ID'","reference":"my-first-withdrawal"}'
  call "$OPERATOR" POST /v1/institutions '{"name":"My company"}'

  npm run statement -- sandbox-wallet "$MERCHANT_NO"     # the channel drops today's file: a new version of it
  aws stepfunctions list-executions --state-machine-arn "$STATE_MACHINE_ARN"
  aws s3 ls --recursive "s3://$STATEMENT_BUCKET/statements/"

  API        ${output(center.outputs, 'ApiUrl')}
  OpenAPI    ${output(center.outputs, 'ApiUrl')}/openapi.json
  outputs    .local/outputs.json
`;
