/** Recipes, overrides and defaults. */
package io.densespark.spark.settings;
