import { answerUnknownRoute } from '../unknown-route.ts';

export const handler = answerUnknownRoute;
