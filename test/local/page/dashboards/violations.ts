import type axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe, already on the page, says of it under WCAG 2.1 A and AA; `passed` says that it looked. */
export async function violations(page: Page) {
  const result = await page.evaluate<{ violations: axe.Result[]; passes: number }>(`
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
      .then(({ violations, passes }) => ({ violations, passes: passes.length }))
  `);
  return {
    passed: result.passes > 15,
    violations: result.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    ),
  };
}
