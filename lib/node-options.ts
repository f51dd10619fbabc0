/** What Node is told in a deployed function. */
export const nodeOptions: readonly string[] = ['--enable-source-maps'];

/**
 * In a function through which rows pass by the million: young objects get 3 × 8 MB before they are looked through for garbage, where
 * V8 would take up to 3 × 32 and a worker that reads our payments 100 MB more, for the same time.
 */
export const rowWorkerOptions: readonly string[] = [...nodeOptions, '--max-semi-space-size=8'];
