/**
 * The arrows of docs/architecture.md. A context's own code imports the kernel and the doors (`index.ts`) of the contexts
 * that it may call; its entry points in `handlers/` import the runtime as well; `routes.ts` is data.
 */
const mayCall = {
  ledger: [],
  channels: [],
  access: [],
  parties: ['ledger', 'channels'],
  payments: ['ledger', 'channels', 'parties'],
  reconciliation: ['ledger', 'channels', 'payments'],
  webhooks: ['channels', 'parties', 'payments', 'reconciliation'],
};

const entryPoints = (context) => `^functions/${context}/(handlers/|.*routes\\.ts$)`;
const door = (contexts) => contexts.map((context) => `^functions/${context}/index\\.ts$`);

const contextRules = Object.entries(mayCall).flatMap(([context, callees]) => [
  {
    name: `${context}-code`,
    comment: `${context} imports the kernel, itself and the doors of: ${callees.join(', ') || 'nobody'}`,
    severity: 'error',
    from: { path: `^functions/${context}/`, pathNot: entryPoints(context) },
    to: {
      path: '^(functions|lib|bin|local|test|bench)/',
      pathNot: ['^functions/kernel/', `^functions/${context}/`, ...door(callees)],
    },
  },
  {
    name: `${context}-code-not-to-handlers`,
    comment: 'nothing but the deployment calls an entry point',
    severity: 'error',
    from: { path: `^functions/${context}/`, pathNot: `^functions/${context}/handlers/` },
    to: { path: `^functions/${context}/handlers/` },
  },
  {
    name: `${context}-handlers`,
    comment: 'a handler imports the runtime, its own context and the kernel',
    severity: 'error',
    from: { path: `^functions/${context}/handlers/` },
    to: {
      path: '^(functions|lib|bin|local|test|bench)/',
      pathNot: ['^functions/(kernel|runtime)/', `^functions/${context}/`],
    },
  },
  {
    name: `${context}-routes`,
    comment: 'routes are data: schemas, and the shape of a route',
    severity: 'error',
    from: { path: `^functions/${context}/.*routes\\.ts$` },
    to: {
      path: '^(functions|lib|bin|local|test|bench)/',
      pathNot: ['^functions/kernel/', '^functions/runtime/route\\.ts$', `^functions/${context}/(?!handlers/)`],
    },
  },
]);

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'modules that import each other can only be understood together',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'kernel',
      comment: 'the kernel imports nothing of ours',
      severity: 'error',
      from: { path: '^functions/kernel/' },
      to: { path: '^(functions|lib|bin|local|test|bench)/', pathNot: '^functions/kernel/' },
    },
    ...contextRules,
    {
      name: 'runtime',
      comment: 'only the wiring knows the contexts, and only their doors',
      severity: 'error',
      from: { path: '^functions/runtime/', pathNot: '^functions/runtime/wiring/' },
      to: {
        path: '^(functions|lib|bin|local|test|bench)/',
        pathNot: ['^functions/(kernel|runtime)/'],
      },
    },
    {
      name: 'wiring',
      severity: 'error',
      from: { path: '^functions/runtime/wiring/' },
      to: {
        path: '^(functions|lib|bin|local|test|bench)/',
        pathNot: ['^functions/(kernel|runtime)/', ...door(Object.keys(mayCall))],
      },
    },
    {
      name: 'sandbox',
      comment: 'the sandbox channel is a company outside the center: only the kernel and the runtime are shared',
      severity: 'error',
      from: { path: '^functions/sandbox/' },
      to: { path: '^(functions|lib|bin|local|test|bench)/', pathNot: '^functions/(kernel|runtime|sandbox)/' },
    },
    {
      name: 'nobody-but-itself-to-sandbox',
      severity: 'error',
      from: { path: '^(functions|bin|local)/', pathNot: '^functions/sandbox/' },
      to: { path: '^functions/sandbox/' },
    },
    {
      name: 'documentation',
      comment: 'the OpenAPI document is made of the routes alone',
      severity: 'error',
      from: { path: '^functions/documentation/' },
      to: {
        path: '^(functions|lib|bin|local|test|bench)/',
        pathNot: ['^functions/(kernel|runtime|documentation)/', '^functions/[^/]+/.*routes\\.ts$'],
      },
    },
    {
      name: 'outsiders',
      comment: 'the demo drives the center as a stranger would, by what is deployed',
      severity: 'error',
      from: { path: '^local/(demo|outsider)/' },
      to: {
        path: '^(functions|lib|bin)/',
        pathNot: '^functions/channels/adapters/sandbox-client\\.ts$', // how the sandbox wants to be spoken to
      },
    },
    {
      name: 'lib',
      comment: 'what is deployed knows of the functions only their routes',
      severity: 'error',
      from: { path: '^(lib|bin)/' },
      to: {
        path: '^(functions|local|test|bench)/',
        pathNot: ['^functions/[^/]+/.*routes\\.ts$', '^functions/runtime/route\\.ts$'],
      },
    },
    {
      name: 'tests-stay-tests',
      comment: 'nothing that is deployed imports tests, benchmarks or local tools',
      severity: 'error',
      from: { path: '^(functions|lib|bin|local)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-development-packages',
      comment: 'a function is bundled from what `dependencies` pins',
      severity: 'error',
      from: { path: '^functions/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^aws-lambda$' }, // that package is types only
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(cdk\\.out|\\.local)/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json', '.mjs', '.cjs'],
    },
  },
};
