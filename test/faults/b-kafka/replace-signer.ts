/** Loaded before the exporter: where it imports the signer of AWS, it gets the one of `unsecured-token.ts`. */
import { registerHooks } from 'node:module';
import './unsecured-token.ts';

const STAND_IN = new URL('./unsecured-token.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === 'aws-msk-iam-sasl-signer-js' ? STAND_IN : specifier, context),
});
