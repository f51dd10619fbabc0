/** What a service refuses. Carries what its answer holds, such as `CancellationReasons`, as the SDK's exceptions do. */
export class AwsError extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string };

  constructor(name: string, facts: Readonly<Record<string, unknown>>, metadata: AwsError['$metadata']) {
    const { message, Message, ...rest } = facts;
    super(String(message ?? Message ?? name));
    Object.assign(this, rest);
    this.name = name;
    this.$metadata = metadata;
  }
}
