/**
 * What a run is asked to do: a YAML recipe, overridden by the command line, read once into an immutable record. The
 * command line enters by {@link io.densespark.spark.settings.Recipe}, everybody else gets the record.
 */
package io.densespark.spark.settings;
