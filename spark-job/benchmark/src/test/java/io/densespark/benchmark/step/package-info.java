/** What tests of measured processes share. */
package io.densespark.benchmark.step;
