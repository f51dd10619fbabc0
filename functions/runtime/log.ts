import { Logger } from '@aws-lambda-powertools/logger';

/**
 * Structured JSON logs. Never pass a whole request, a body, a card or an identity number: name the ids that an
 * operator needs to follow the case.
 */
export const log = new Logger({ serviceName: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'fund-center' });
