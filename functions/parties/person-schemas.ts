/** What people and companies are known by. */
import * as z from 'zod';

export const personNameSchema = z.string().trim().min(1).max(100).meta({ example: '张三' });

export const idNumberSchema = z
  .string()
  .regex(/^[0-9A-Za-z]{6,20}$/, 'must be 6 to 20 letters and digits')
  .meta({
    description: 'resident identity card, passport or permit; never shown whole',
    example: '110101199003070011',
  });

export const mobileSchema = z
  .string()
  .regex(/^\+?[0-9]{6,15}$/, 'must be 6 to 15 digits')
  .meta({ description: 'the number that the bank knows', example: '13800138000' });

export const companyNameSchema = z.string().trim().min(1).max(100).meta({ example: 'Harbour Retail Ltd' });

/** 统一社会信用代码, GB 32100-2015: 18 characters; older and foreign ones differ. */
export const licenceNoSchema = z
  .string()
  .regex(/^[0-9A-Za-z-]{6,32}$/, 'must be 6 to 32 letters, digits and hyphens')
  .meta({ description: 'of the business licence', example: '91310000MA1FL0LX4T' });

export const bankSchema = z
  .string()
  .regex(/^[A-Z0-9]{2,20}$/, 'must be 2 to 20 capital letters and digits')
  .meta({ description: 'code of the bank', example: 'ICBC' });

export const corporateAccountNumberSchema = z
  .string()
  .regex(/^[0-9]{8,32}$/, 'must be 8 to 32 digits')
  .meta({ description: 'never stored in the clear, never shown whole again', example: '1001220009024900017' });
