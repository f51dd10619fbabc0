/** What a test needs is in its file name: nothing, DynamoDB (`.store`), or the deployed stack (`.e2e`). */
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, sourceMaps: 'inline' }],
  },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.local'],
};

export default {
  // a project's own time-out does not reach its hooks; the deployed stack starts cold
  testTimeout: 120_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.(store|e2e)\\.test\\.ts$'],
    },
    { ...shared, displayName: 'store', testMatch: ['<rootDir>/test/**/*.store.test.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/**/*.e2e.test.ts'] },
  ],
};
