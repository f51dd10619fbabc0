import { Duration } from 'aws-cdk-lib';
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  type IHttpStage,
  LogGroupLogDestination,
  type ThrottleSettings,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Route } from '../../functions/runtime/route.ts';
import type { Stage } from '../stages.ts';
import type { ContextTable } from './context-table.ts';
import { ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

export interface CenterApiProps {
  readonly stage: Stage;
  readonly authorizeCaller: ServiceFunction;
  readonly idempotencyTable: ContextTable;
}

type ServedFunctionProps = Omit<ServiceFunctionProps, 'stage' | 'purpose'>;

/** What routes are added by: the API, from its own stack or from another. */
export type RouteAdder = Pick<CenterApi, 'stage' | 'url' | 'serve'>;

/** The center's HTTP API. Each route is served by one function, whose purpose is the route's summary. */
export class CenterApi extends Construct {
  readonly api: HttpApi;
  readonly stage: Stage;
  /** base URL without a slash at the end */
  readonly url: string;
  private readonly live: IHttpStage;
  private readonly authorizer: HttpLambdaAuthorizer;
  private readonly idempotencyTable: ContextTable;

  constructor(scope: Construct, id: string, props: CenterApiProps) {
    super(scope, id);
    this.stage = props.stage;
    this.idempotencyTable = props.idempotencyTable;
    const unknownRoute = new ServiceFunction(this, 'UnknownRoute', {
      stage: props.stage,
      entry: 'documentation/handlers/answer-unknown-route.ts',
      purpose: 'Answers requests for paths and methods that do not exist',
      whenItFails: 'A caller who mistypes a path gets a bare 500 instead of a problem that says so',
    });
    this.api = new HttpApi(this, 'Http', {
      apiName: `fund-center-${props.stage.name}`,
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('UnknownRouteIntegration', unknownRoute),
    });
    this.url = props.stage.apiUrl({ id: this.api.apiId, endpoint: this.api.apiEndpoint });
    this.live = this.api.addStage('Live', {
      autoDeploy: true,
      throttle: { rateLimit: 2_000, burstLimit: 1_000 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLogs', { retention: props.stage.logRetention }),
        ),
      },
    });
    this.authorizer = new HttpLambdaAuthorizer('Caller', props.authorizeCaller, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      // every request reaches the authorizer, so that one without a token gets our own answer (RFC 9457)
      identitySource: [],
      // withdrawn credentials stop working at once
      resultsCacheTtl: Duration.seconds(0),
    });
  }

  /** The same API, its functions made elsewhere: a stack holds 500 resources, and a route takes eight of them. */
  from(home: Construct): RouteAdder {
    const { stage, url } = this;
    return { stage, url, serve: (id, route, props) => this.serve(id, route, props, home) };
  }

  /**
   * Makes the function of a route and grants it what every write needs: its Idempotency-Key's record.
   *
   * @param home where it is made; the API itself unless given
   */
  serve(
    id: string,
    route: Pick<Route, 'method' | 'path' | 'summary'>,
    props: ServedFunctionProps,
    home: Construct = this,
  ): ServiceFunction {
    const writes = route.method !== 'GET';
    const handler = new ServiceFunction(home, id, {
      ...props,
      stage: this.stage,
      purpose: route.summary,
      environment: {
        TIME_ZONE: this.stage.timeZone,
        ...(writes && { IDEMPOTENCY_TABLE: this.idempotencyTable.tableName }),
        ...props.environment,
      },
    });
    if (writes) this.idempotencyTable.grant(handler, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    const method = route.method as HttpMethod; // the same words
    const integration = new HttpLambdaIntegration(`${id}Integration`, handler);
    const { api, authorizer } = this;
    if (home === this) api.addRoutes({ path: route.path, methods: [method], integration, authorizer });
    else {
      const routeKey = HttpRouteKey.with(route.path, method);
      new HttpRoute(home, `${id}Route`, { httpApi: api, routeKey, integration, authorizer });
    }
    return handler;
  }

  /**
   * A route for those who have no token and prove what they say by what they send. It is throttled on its own, so that a flood of
   * it takes nothing from the others. Only in the stack of the API: its stage names the route.
   */
  receive(
    id: string,
    { method, path, summary }: Pick<Route, 'method' | 'path' | 'summary'>,
    { throttle, ...props }: ServedFunctionProps & { readonly throttle: Required<ThrottleSettings> },
  ): ServiceFunction {
    const { stage } = this;
    const handler = new ServiceFunction(this, id, {
      ...props,
      stage,
      purpose: summary,
      environment: { TIME_ZONE: stage.timeZone, ...props.environment },
    });
    const routes = this.api.addRoutes({
      path,
      methods: [method as HttpMethod], // the same words
      integration: new HttpLambdaIntegration(`${id}Integration`, handler),
    });
    const live = this.live.node.defaultChild as CfnStage; // a stage's default child is one
    live.routeSettings = {
      [`${method} ${path}`]: { ThrottlingRateLimit: throttle.rateLimit, ThrottlingBurstLimit: throttle.burstLimit },
    };
    live.node.addDependency(...routes);
    return handler;
  }

  /** The OpenAPI document, for anyone. */
  document({ tokenUrl }: { readonly tokenUrl: string }): void {
    const handler = new ServiceFunction(this, 'Document', {
      stage: this.stage,
      entry: 'documentation/handlers/serve-openapi.ts',
      purpose: 'Serves the OpenAPI document',
      whenItFails: 'Integrators cannot read the description of the API',
      environment: { SERVER_URL: this.url, TOKEN_URL: tokenUrl },
    });
    this.api.addRoutes({
      path: '/openapi.json',
      methods: [HttpMethod.GET],
      integration: new HttpLambdaIntegration('DocumentIntegration', handler),
    });
  }
}
