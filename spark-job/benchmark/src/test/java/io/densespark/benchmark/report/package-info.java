/** Tests of files, tables and plots. */
package io.densespark.benchmark.report;
