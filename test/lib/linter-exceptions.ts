import type { LinterFinding } from './linters.ts';

export interface LinterException {
  readonly linter: LinterFinding['linter'];
  readonly rule: string;
  /** Logical ids; of every resource if it is not there. */
  readonly resources?: RegExp;
  readonly reason: string;
}

/** What the linters may find, and why: reviewed here, and taken out again once nothing of it is found any more. */
export const LINTER_EXCEPTIONS: readonly LinterException[] = [
  {
    linter: 'cfn-lint',
    rule: 'W3005',
    reason: 'the CDK writes out dependencies that a reference implies already; said twice, they still hold',
  },
  {
    linter: 'checkov',
    rule: 'CKV_AWS_116',
    reason:
      'no function here is called asynchronously, and only such calls go to the dead-letter queue of a function',
  },
  {
    linter: 'checkov',
    rule: 'CKV_AWS_117',
    reason:
      'the functions outside of the VPC call the APIs of AWS only; nothing in the VPC is reached by them',
  },
  {
    linter: 'checkov',
    rule: 'CKV_AWS_115',
    reason: 'functions of a deployment are called once at a time; a reservation would only take from others',
  },
  {
    linter: 'checkov',
    rule: 'CKV_AWS_111',
    resources: /FunctionRoleDefaultPolicy/,
    reason:
      'writes to X-Ray and makes the network interface of a function in the VPC: both take no resource, and test/lib/whole-app/iam.test.ts lists every such action',
  },
  {
    linter: 'checkov',
    rule: 'CKV_AWS_18',
    resources: /AccessLogs/,
    reason: 'holds the access logs of another bucket: logging its own accesses there would go on for ever',
  },
];
