/**
 * The command {@code densespark benchmark} with its own commands. The job jar finds it as a service when this module's jar
 * is on the class path.
 */
package io.densespark.benchmark.cli;
