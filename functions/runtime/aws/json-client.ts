/**
 * The JSON protocol of AWS (https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html), which DynamoDB, SQS and
 * Secrets Manager speak: one POST, the operation in a header. Signing, connections and retries are the AWS SDK's own
 * parts. In bundles this stands in for the SDK's clients: docs/decisions/0008-bundles-hold-what-lambda-can-reach.md
 */
import { text } from 'node:stream/consumers';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { isServerError, isThrottlingError, isTransientError, StandardRetryStrategy } from '@smithy/core/retry';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsError } from './aws-error.ts';
import { type ClientSettings, connectionOf } from './connection.ts';

export interface JsonService {
  /** as in the host name and in the scope of the signature */
  readonly name: 'dynamodb' | 'sqs' | 'secretsmanager';
  readonly version: '1.0' | '1.1';
  /** what stands before the operation in `X-Amz-Target` */
  readonly target: string;
  /** the errors that somebody asks for by `instanceof`; all others are an {@link AwsError} with their name */
  readonly errors?: Readonly<Record<string, typeof AwsError>>;
  readonly toJson?: (input: object) => string;
  readonly fromJson?: (json: string) => object;
}

/** An operation of a service, made as the SDK's commands are: `new GetItemCommand(input)`. */
export interface Command {
  readonly operation: string;
  readonly input: object;
}

export const commandOf = (operation: string) =>
  class implements Command {
    readonly operation = operation;
    readonly input: object;
    constructor(input: object) {
      this.input = input;
    }
  };

/** as many as the SDK makes for DynamoDB */
const maximumAttempts = 4;

export class JsonClient {
  readonly #service: JsonService;
  readonly #endpoint: URL;
  readonly #signer: SignatureV4;
  readonly #handler = new NodeHttpHandler();
  readonly #retries = new StandardRetryStrategy(maximumAttempts);

  constructor(service: JsonService, settings: ClientSettings) {
    const { endpoint, region, credentials } = connectionOf(service.name, settings);
    this.#service = service;
    this.#endpoint = endpoint;
    this.#signer = new SignatureV4({ service: service.name, region, credentials, sha256: Sha256 });
  }

  /** @throws AwsError that the service answers, or the error of a connection, after the retries that it is worth */
  async send(command: Command): Promise<object> {
    const body = (this.#service.toJson ?? JSON.stringify)(command.input);
    let token = await this.#retries.acquireInitialRetryToken(this.#service.name);
    for (;;) {
      try {
        const output = await this.#call(command.operation, body);
        this.#retries.recordSuccess(token);
        return output;
      } catch (error) {
        const again = this.#retries.refreshRetryTokenForRetry(token, { errorType: retryTypeOf(error) });
        token = await again.catch(() => {
          throw error; // no further try: what is told is why the last one failed
        });
      }
    }
  }

  async #call(operation: string, body: string): Promise<object> {
    const { fromJson = JSON.parse, errors = {} } = this.#service;
    const signed = await this.#signer.sign(this.#request(operation, body));
    const { response } = await this.#handler.handle(HttpRequest.clone(signed));
    const answer = await text(response.body);
    if (response.statusCode < 300) return fromJson(answer || '{}');

    const facts = factsOf(answer, fromJson);
    const name = errorName(facts);
    const requestId: string | undefined = response.headers['x-amzn-requestid'];
    throw new (errors[name] ?? AwsError)(name, facts, {
      httpStatusCode: response.statusCode,
      ...(requestId && { requestId }),
    });
  }

  #request(operation: string, body: string): HttpRequest {
    const { protocol, hostname, host, port } = this.#endpoint;
    const trace = process.env['_X_AMZN_TRACE_ID'];
    return new HttpRequest({
      method: 'POST',
      protocol,
      hostname,
      ...(port && { port: Number(port) }),
      path: '/',
      headers: {
        host,
        'content-type': `application/x-amz-json-${this.#service.version}`,
        'content-length': String(Buffer.byteLength(body)),
        'x-amz-target': `${this.#service.target}.${operation}`,
        ...(trace && { 'x-amzn-trace-id': trace }), // by which Lambda sees functions that call each other in a circle
      },
      body,
    });
  }
}

/** What stands in front of a service may answer without JSON: then the status alone says what to do. */
function factsOf(answer: string, fromJson: (json: string) => object): Record<string, unknown> {
  try {
    return { ...fromJson(answer) };
  } catch {
    return { message: answer.slice(0, 200) };
  }
}

/** `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException` without its namespace. */
const errorName = (facts: Record<string, unknown>): string =>
  /[^#]+$/.exec(String(facts['__type'] ?? ''))?.[0] ?? 'UnknownError';

function retryTypeOf(error: unknown) {
  // the SDK's judges look only at name, code, cause and status, each of which an error may have or lack
  const failure = error as Parameters<typeof isThrottlingError>[0];
  if (isThrottlingError(failure)) return 'THROTTLING';
  if (isTransientError(failure)) return 'TRANSIENT';
  return isServerError(failure) ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}
