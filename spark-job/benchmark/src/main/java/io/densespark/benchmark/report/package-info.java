/**
 * Files, plots and pages that show what was measured. The benchmarks of this module enter.
 */
package io.densespark.benchmark.report;
