/**
 * Files, tables, plots and pages that show what was measured, whatever it was. The benchmarks of this module enter; plots
 * are XChart's, and no other package but theirs knows it.
 */
package io.densespark.benchmark.report;
