/** What the CDK app tells a function through its environment; a missing name stops the cold start with a clear error. */
export function environmentValue(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is missing`);
  return value;
}
