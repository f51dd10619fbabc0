export const handler = async () => ({ isAuthorized: true, context: { kind: 'nobody', reason: 'x' } });
